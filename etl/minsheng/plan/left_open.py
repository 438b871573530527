"""Where a plan still says 待定: what only people know is asked for before anything is held against anything else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from minsheng.core.contracts import Location, Part, meaning_of, read_text
from minsheng.core.errors import UserError
from minsheng.plan.folder import GUIDE, Folder

Faults = Iterator[UserError]

# What ``minsheng plan new`` writes, and what people write where they still have to write something.
LEFT_OPEN = "待定"
_LEFT_OPEN = re.compile(
    r"[（(【\[]?(待\w{0,3}|todo|tbd|fixme|x{3,9}|[?？]{1,9}|…{1,9}|\.{3,9})[）)】\]]?[.。]?", re.IGNORECASE
)


def first_faults(path: Path, folder: Folder) -> Faults:
    """What keeps single files from being read, and every place left open; of such a place nothing else is said."""
    for part in folder.parts:
        yield from _faults(part)
    yield from _text_faults(path, folder)


def is_left_open(text: str) -> bool:
    """Whether a text only holds the place of one."""
    return _LEFT_OPEN.fullmatch(text.strip()) is not None


def _faults(part: Part[Any]) -> Faults:
    document = part.document
    left = [(location, text) for location, text in _texts(document.data) if is_left_open(text)]
    told_at = {document.where(location) for location, _ in left}
    yield from (fault for fault in part.faults if fault.where not in told_at)
    for location, text in left:
        meaning = meaning_of(part.contract, location)
        yield document.fault(location, "left_open", text=text, meaning=meaning)


def _text_faults(path: Path, folder: Folder) -> Faults:
    """The plan's own text, which is to be put in the place of the word."""
    data = folder.header.document.data
    name = data.get("text") if isinstance(data, dict) else None
    if isinstance(name, str) and (path / name).is_file() and is_left_open(read_text(path, name, GUIDE)):
        yield UserError("text_left_open", name)


def _texts(data: object, location: Location = ()) -> Iterator[tuple[Location, str]]:
    """Every text of a file, with the keys that lead there."""
    if isinstance(data, str):
        yield location, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _texts(value, (*location, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _texts(value, (*location, number))
