"""Text of which a part does not belong to the rest: struck out, or a note raised or lowered beside it."""

from __future__ import annotations

import zipfile

from etl.reader.features import Budget
from etl.reader.markup import Attributes, parse, parser


def is_marked(tag: str, attributes: Attributes) -> bool:
    """Whether an element of a font strikes out, raises or lowers: ``<strike/>``, ``<vertAlign val="superscript"/>``."""
    if tag == "strike":
        return attributes.get("val", "1") in ("1", "true", "on")
    return tag == "vertAlign" and attributes.get("val") in ("superscript", "subscript")


def holders_of_marked_runs(archive: zipfile.ZipFile, part: str, holder: str, budget: Budget) -> frozenset[str]:
    """The elements named ``holder``, by their number from 0, inside which anything is marked."""
    if part not in archive.namelist():
        return frozenset()
    number, found = -1, set()

    def start(name: str, attributes: Attributes) -> None:
        nonlocal number
        tag = name.rpartition(":")[2]
        if tag == holder:
            number += 1
        elif is_marked(tag, attributes):
            found.add(str(number))

    parse(archive, part, parser(start, budget), budget)
    return frozenset(found)
