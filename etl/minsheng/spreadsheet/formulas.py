"""Formulas that take their result from outside the workbook, where nobody can look it up."""

from __future__ import annotations

import re

from minsheng.spreadsheet.features import Budget
from minsheng.spreadsheet.xml import Attributes, parse_text, parser

LONGEST_FORMULA = 8192
# Another workbook by its number, [1]Sheet1!A1, or by its name, INDIRECT("[二月.xlsx]填报!F6"), and in an OpenDocument
# file 'file:///…'#$Sheet1.A1; a service or another program.
_OUTSIDE = re.compile(
    r"\[[0-9]+\]|\[[^\[\]]*\.(?:xls[xmb]?|et|ods|csv)\]|['\]]#\$|file:|(?<!\w)(?:webservice|rtd|dde)\(", re.I
)
_NAMES = re.compile(r"[\w.\\]+")


def is_from_outside(formula: str, names: frozenset[str] = frozenset()) -> bool:
    """Whether a formula looks into another file, itself or through one of these names."""
    return _OUTSIDE.search(formula) is not None or not names.isdisjoint(_NAMES.findall(formula.casefold()))


def names_from_outside(workbook: bytes, budget: Budget) -> frozenset[str]:
    """The names defined in the part that is the workbook that stand for something in another file."""
    texts: dict[str, str] = {}
    name = ""

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal name
        name = attributes.get("name", "").casefold() if tag.rpartition(":")[2] == "definedName" else ""
        made.CharacterDataHandler = read if name else None

    def read(text: str) -> None:
        known = texts.get(name, "")
        if len(known) <= LONGEST_FORMULA:
            texts[name] = known + text

    made = parser(start, budget)
    parse_text(workbook, made, budget)
    return frozenset(each for each, text in texts.items() if is_from_outside(text))
