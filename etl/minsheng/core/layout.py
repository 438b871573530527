"""The door of an installation: which version of its layout it bears, who may read it, and whether a home is lost.

``HOME/<county>/`` holds all of one county, ``HOME/published/`` what is published of all of them (docs/adr/0026).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

from minsheng.core.errors import DamagedError, UserError
from minsheng.core.files import atomic_write, make_folder
from minsheng.core.home import Home, Installation

# 1: one county, everything of it directly in the folder given as --home. 2: a folder for each county.
VERSION = 2

# Everybody on the machine may pass through to ``published/``, and see nothing else.
ROOT_MODE = 0o751
PUBLISHED_MODE = 0o755
_UMASK = 0o027


def enter(root: Path) -> Installation:
    """The installation at ``root``, which may be empty or still to come; all written from now on is shut to others.

    Raises UserError for one of a later version of minsheng, of an earlier one that is to be migrated first, or one
    into which a backup was put back halfway.
    """
    os.umask(_UMASK)  # DuckDB makes files of its own
    installation = Installation(root)
    if installation.unfinished_restore.exists():
        raise UserError("restore_unfinished", root)
    found = layout_version(installation)
    if found is not None and found > VERSION:
        raise UserError("layout_later", root, found=found, known=VERSION)
    if found is not None and found < VERSION:
        raise UserError("layout_earlier", root, found=found, home=root)
    return installation


def enter_home(installation: Installation, county: str) -> Home:
    """A county's home, which may still be to come; raises DamagedError when it has had one and nothing is left of it.

    What others were let read by an earlier version, or by hand, is shut.
    """
    home = installation.home(county)
    mark = installation.known_counties / county
    if home.warehouse.exists():
        _shut(home)
        with suppress(PermissionError):  # who may only read need not note it
            if not mark.exists():
                atomic_write(mark, b"")
    elif mark.exists() and not is_begun(home):
        raise DamagedError("home_vanished", home.root, mark=mark)
    return home


def begin(home: Home) -> None:
    """Make the folder of a new home, in an installation that is signed.

    Raises DamagedError when the home is not new and its warehouse is lost.
    """
    require_new(home)
    make_folder(home.installation.root, ROOT_MODE)
    if not home.installation.layout.exists():
        sign(home.installation)
    make_folder(home.root, ROOT_MODE)


def sign(installation: Installation) -> None:
    """Write down which layout the installation bears."""
    atomic_write(installation.layout, json.dumps({"layout": VERSION}).encode())


def is_begun(home: Home) -> bool:
    """Whether anything was ever received, opened, answered or published here."""
    return next(_traces(home), None) is not None


def require_new(home: Home) -> None:
    """Raises DamagedError when there is no warehouse in a home that must have had one."""
    if not home.warehouse.exists() and (trace := next(_traces(home), None)):
        raise DamagedError("warehouse_gone", home.warehouse, trace=trace.relative_to(home.root).parent)


def layout_version(installation: Installation) -> int | None:
    """The layout an installation bears; None: nothing is there yet. Homes of before layouts had versions are of 1."""
    if not installation.layout.exists():
        former = Home(installation.root)
        if former.warehouse.exists() or (not installation.counties and is_begun(former)):
            return 1  # also when a migration was cut short: the warehouse is moved last
        return VERSION if installation.counties else None
    try:
        return int(json.loads(installation.layout.read_text(encoding="utf-8"))["layout"])
    except (ValueError, TypeError, KeyError) as error:
        written = json.dumps({"layout": VERSION})
        raise DamagedError("layout_damaged", installation.layout, reason=error, written=written) from error


def _traces(home: Home) -> Iterator[Path]:
    """What only a home with a warehouse can hold."""
    return chain(
        home.landing.glob("*/receipts/*.json"),
        home.landing.glob("*/openings/*.json"),
        home.published.glob("revisions/*-*/manifest.json"),
        home.outbox.glob("*/*/*.eml"),
    )


def _shut(home: Home) -> None:
    """Take from others what they need not read; what is another account's is left alone."""
    _withdraw(home.root, 0o006)
    for path in (
        home.landing,
        home.outbox,
        home.templates,
        home.reports,
        home.bulletins,
        home.originals,
        home.warehouse,
    ):
        _withdraw(path, 0o007)


def _withdraw(path: Path, rights: int) -> None:
    with suppress(FileNotFoundError, PermissionError):
        mode = path.stat().st_mode
        if mode & rights:
            path.chmod(mode & 0o7777 & ~rights)
