"""One cell of an OpenDocument spreadsheet: its value, and why it may not be what it seems."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime

from minsheng.spreadsheet.formulas import is_from_outside
from minsheng.spreadsheet.numbers import CellValue
from minsheng.spreadsheet.ods.shown import as_shown
from minsheng.spreadsheet.ods.styles import NumberLook
from minsheng.spreadsheet.xml import Attributes

_NUMBERS = ("float", "currency", "percentage")
_TRUTHS = ("TRUE", "FALSE")  # how what a formula found true or false is shown, stored as 1 or 0
_ERROR = re.compile(r"#[A-Z/0!?]+|Err:\d+")


def value_of(cell: Attributes, text: str | None) -> CellValue:
    """What the cell stores; the text it shows where it stores nothing else. Raises ValueError for no number."""
    kind = cell.get("office:value-type")
    if kind in _NUMBERS and "office:value" in cell:
        number = float(cell["office:value"])
        return bool(number) if text in _TRUTHS else number
    if kind == "boolean":
        return cell.get("office:boolean-value") == "true"
    if kind == "date":
        return _moment(cell.get("office:date-value", ""), text)
    if kind == "time":
        return cell.get("office:time-value", text)
    return cell.get("office:string-value", text)


def broken(cell: Attributes, text: str | None, value: CellValue, look: NumberLook, *, is_marked: bool) -> str | None:
    """Why the cell is not what it seems, see ``minsheng.spreadsheet.features.Broken``.

    ``text`` is what it shows; None when it has no paragraph, not even an empty one. ``is_marked``: beside what its
    style says, a part of it is, or nobody sees it at all.
    """
    if fault := _fault(cell, text):
        return fault
    if text and (is_marked or look.is_marked):
        return "scaled"
    if not isinstance(value, float):
        return "scaled" if _is_other_text(cell, text) else None
    if cell.get("office:value-type") == "percentage" or "%" in (text or ""):
        return "percent"
    told = {None if text is None else as_shown(text, value), look.shown}
    return "scaled" if look.may_change or "scaled" in told else max(told, key=bool)


def _fault(cell: Attributes, text: str | None) -> str | None:
    """What is wrong with a formula or with its result, which whoever calculates it also shows."""
    formula = cell.get("table:formula")
    if formula is None:
        return None
    if cell.get("calcext:value-type") == "error" or _ERROR.fullmatch(text or ""):
        return "error"
    if is_from_outside(formula):
        return "external"
    return "no_value" if text is None else None


def _is_other_text(cell: Attributes, text: str | None) -> bool:
    """Whether a text is stored that is not the one shown."""
    stored = cell.get("office:string-value")
    return None not in (stored, text) and str(stored).split() != str(text).split()


def _moment(stored: str, text: str | None) -> CellValue:
    """A date, with the time of day where there is one; what is none stays as it is written."""
    with suppress(ValueError):
        return datetime.fromisoformat(stored) if "T" in stored else date.fromisoformat(stored)
    return stored or text
