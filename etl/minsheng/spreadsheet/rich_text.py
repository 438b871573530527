"""Text of which a part does not belong to the rest: struck out, or a note raised or lowered beside it."""

from __future__ import annotations

from minsheng.spreadsheet.features import Budget
from minsheng.spreadsheet.xml import Attributes, parse_text, parser


def is_marked(tag: str, attributes: Attributes) -> bool:
    """Whether an element of a font strikes out, raises or lowers: ``<strike/>``, ``<vertAlign val="superscript"/>``."""
    if tag == "strike":
        return attributes.get("val", "1") in ("1", "true", "on")
    return tag == "vertAlign" and attributes.get("val") in ("superscript", "subscript")


def texts_with_marked_runs(xml: bytes, budget: Budget) -> frozenset[str]:
    """The shared texts, by their number from 0, inside which anything is marked."""
    number, found = -1, set()

    def start(name: str, attributes: Attributes) -> None:
        nonlocal number
        tag = name.rpartition(":")[2]
        if tag == "si":
            number += 1
        elif is_marked(tag, attributes):
            found.add(str(number))

    parse_text(xml, parser(start, budget), budget)
    return frozenset(found)
