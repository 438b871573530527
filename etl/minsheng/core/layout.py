"""The door of a home: which version of its layout it bears, who may read it, and whether it has lost what it had."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import chain
from pathlib import Path

from minsheng.core.errors import DamagedError, UserError
from minsheng.core.files import atomic_write, make_folder
from minsheng.core.home import Home

VERSION = 1
# What brings a home from a version to the next one; to be filled when there is a second.
UPGRADES: Mapping[int, Callable[[Home], None]] = {}

# Everybody on the machine may pass through to ``published/``, and see nothing else.
ROOT_MODE = 0o751
PUBLISHED_MODE = 0o755
_UMASK = 0o027


def enter(root: Path) -> Home:
    """The home at ``root``, which may be empty or still to come; everything written from now on is shut to others.

    A home of an earlier layout is brought up to this one. Raises UserError for one of a later version of minsheng.
    """
    os.umask(_UMASK)  # DuckDB makes files of its own
    home = Home(root)
    if home.layout.exists() or is_begun(home):
        _bring_up(home)
        _shut(home)
    return home


def begin(home: Home) -> None:
    """Make the folder of a new home and sign it; raises DamagedError when it is not new and its warehouse is lost."""
    require_new(home)
    make_folder(home.root, ROOT_MODE)
    _sign(home)


def is_begun(home: Home) -> bool:
    """Whether anything was ever received, opened, answered or published here."""
    return next(_traces(home), None) is not None


def require_new(home: Home) -> None:
    """Raises DamagedError when there is no warehouse in a home that must have had one."""
    if not home.warehouse.exists() and (trace := next(_traces(home), None)):
        problem = f"is not there, though the home has had one: it holds {trace.relative_to(home.root).parent} and more"
        remedy = "see that its disk is mounted; restore it from the backup, or make it anew with `minsheng recover`"
        raise DamagedError(str(home.warehouse), problem, remedy)


def _traces(home: Home) -> Iterator[Path]:
    """What only a home with a warehouse can hold."""
    return chain(
        home.landing.glob("*/receipts/*.json"),
        home.landing.glob("*/openings/*.json"),
        home.published.glob("revisions/*-*/manifest.json"),
        home.outbox.glob("*/*/*.eml"),
    )


def _bring_up(home: Home) -> None:
    found = _version(home)
    if found > VERSION:
        problem = f"has layout {found}, and this version of minsheng knows layouts up to {VERSION}"
        raise UserError(str(home.root), problem, "use the version of minsheng that wrote it, or a later one")
    for version in range(found, VERSION):
        UPGRADES[version](home)
    if found < VERSION or not home.layout.exists():
        with suppress(PermissionError):  # who may only read need not sign
            _sign(home)


def _version(home: Home) -> int:
    """The layout a home bears; 1 where none is written: so were homes before it was."""
    if not home.layout.exists():
        return 1
    try:
        return int(json.loads(home.layout.read_text(encoding="utf-8"))["layout"])
    except (ValueError, TypeError, KeyError) as error:
        remedy = f'restore it from the backup, or write {{"layout": {VERSION}}} into it if no later version ran here'
        raise DamagedError(str(home.layout), f"does not say which layout the home has ({error})", remedy) from error


def _sign(home: Home) -> None:
    atomic_write(home.layout, json.dumps({"layout": VERSION}).encode())


def _shut(home: Home) -> None:
    """Take from others what a home of an earlier version let them read; what is another account's is left alone."""
    _withdraw(home.root, 0o006)
    for path in (home.landing, home.outbox, home.templates, home.reports, home.warehouse):
        _withdraw(path, 0o007)


def _withdraw(path: Path, rights: int) -> None:
    with suppress(FileNotFoundError, PermissionError):
        mode = path.stat().st_mode
        if mode & rights:
            path.chmod(mode & 0o7777 & ~rights)
