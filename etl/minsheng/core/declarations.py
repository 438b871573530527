"""Where the declarations that ship with the code lie (forms, rules, SQL, calendars), and which version of it this is.

In the source tree they lie beside ``etl/``; a wheel carries them inside the package (see ``pyproject.toml``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from minsheng import __version__

PACKAGE = Path(__file__).resolve().parents[1]
SOURCE = PACKAGE.parent  # from here the package is imported
_SHIPPED = PACKAGE / "declarations"
ROOT = _SHIPPED if _SHIPPED.is_dir() else SOURCE.parent
EXPECTATIONS = ROOT / "expectations"
FORMS = EXPECTATIONS / "form"
RULES = EXPECTATIONS / "rules"
REASONS = EXPECTATIONS / "reasons.yaml"
SQL = ROOT / "sql"
CALENDARS = ROOT / "plans" / "calendars"

# What decides a result: code, pages, word lists, rules and SQL; no compiled copy and no documentation.
_SUFFIXES = frozenset((".py", ".j2", ".yaml", ".sql"))


@cache
def code_version() -> str:
    """``0.1.0+3f9c2a71b0de``: the release, and a digest of code, rules and SQL; the same in a wheel as in its source.

    It needs no git: what runs is what is read.
    """
    total = hashlib.sha256()
    for name, path in sorted(_sources()):
        content = path.read_bytes()
        total.update(f"{name}\0{len(content)}\0".encode() + content)
    return f"{__version__}+{total.hexdigest()[:12]}"


def _sources() -> Iterator[tuple[str, Path]]:
    for folder in (PACKAGE, EXPECTATIONS, SQL):
        for path in folder.rglob("*"):
            if path.suffix in _SUFFIXES and (folder != PACKAGE or _SHIPPED not in path.parents):
                yield f"{folder.name}/{path.relative_to(folder).as_posix()}", path
