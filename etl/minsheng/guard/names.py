"""What a file may be called once it is kept, or once it is not."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath

from minsheng.guard.numbers import kind_in
from minsheng.landing import Withheld
from minsheng.parsing.annotations import SUFFIXES
from minsheng.spreadsheet.kinds import KINDS

_DIGIT = re.compile(r"\d")
# What a program puts behind a name; anything else there may be a person's.
_OF_PROGRAMS = frozenset().union(*SUFFIXES.values()) | {
    ".7z", ".bmp", ".db", ".doc", ".docm", ".docx", ".eml", ".gif", ".html", ".htm", ".jpeg", ".jpg", ".json",
    ".mdb", ".mht", ".msg", ".numbers", ".odt", ".ofd", ".pdf", ".png", ".ppt", ".pptx", ".rar", ".rtf", ".tmp",
    ".wps", ".xlsm", ".xlt", ".xltx", ".xml", ".zip",
}  # fmt: skip
_NAMELESS = KINDS | {"personal_data"}


def storable_name(name: str) -> str:
    """The name of a file, folder or sheet as it may be kept: a person's number in it loses its digits."""
    return _DIGIT.sub("*", name) if kind_in(name) else name


def kept_name(file_name: str, withheld: Withheld | None) -> str:
    """What a file is called from now on: what holds persons' data or is no spreadsheet may be named after a person."""
    return unnamed(file_name) if withheld and withheld.reading in _NAMELESS else storable_name(file_name)


def unnamed(file_name: str) -> str:
    """What a file is called whose name is not kept."""
    suffix = PurePosixPath(file_name).suffix
    kept = suffix if suffix.lower() in _OF_PROGRAMS else ""
    return f"名称未保存-{hashlib.sha256(file_name.encode()).hexdigest()[:8]}{kept}"
