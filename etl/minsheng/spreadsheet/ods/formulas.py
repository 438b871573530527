"""Formulas of OpenDocument written as those of the other formats: of:=[.A1]+SUM([$'表 2'.B1:.B3];1)."""

from __future__ import annotations

import re

_PREFIX = re.compile(r"\A(?:\w+:)?=")
_SHEET = r"\$?(?:'(?:[^']|'')*'|[^\[\].':]*)"
_REFERENCE = re.compile(
    rf"\[(?P<sheet>{_SHEET})\.(?P<first>\$?[A-Z]{{1,3}}\$?[0-9]{{1,7}})(?::{_SHEET}\.(?P<last>\$?[A-Z]{{1,3}}\$?[0-9]{{1,7}}))?\]"
)


def plain_formula(formula: str) -> str:
    """The formula without what only OpenDocument has: =A1+SUM('表 2'!B1:B3,1)."""
    prefix = _PREFIX.match(formula)
    return _REFERENCE.sub(_plain_reference, formula[prefix.end() if prefix else 0 :]).replace(";", ",")


def _plain_reference(found: re.Match[str]) -> str:
    sheet, first, last = found["sheet"].lstrip("$"), found["first"], found["last"]
    return f"{sheet}!" * bool(sheet) + first + (f":{last}" if last else "")
