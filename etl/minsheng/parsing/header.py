"""What a file says of itself above its tables: the unit, the month reported, the template version."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date

from minsheng.parsing.labels import Beside, read_labels
from minsheng.parsing.lexicon import Lexicon
from minsheng.parsing.periods import read_loose_period, read_period
from minsheng.parsing.reading import AnyReading, ReadCell
from minsheng.parsing.tables import HEADER_ROWS
from minsheng.plan.form import Form
from minsheng.spreadsheet.features import FAULTS
from minsheng.spreadsheet.grid import Grid
from minsheng.spreadsheet.numbers import CellValue

_TOLD = ("unit_name", "unit_code", "period", "template_version")


def told_above(grids: tuple[Grid, ...], lexicon: Lexicon) -> dict[str, str | None]:
    """What the file says of itself, by which its template version and month are known: in the newest form's words."""
    newest = lexicon.forms[-1]
    return {cell.field: cell.text_value for grid in grids for cell in read_header(grid, newest, HEADER_ROWS, lexicon)}


def told_in(cells: Iterable[ReadCell]) -> dict[str, ReadCell]:
    """The first cell of each field of the header in which anything stands."""
    header = [cell for cell in cells if cell.section == "header" and cell.reading != "empty"]
    return {cell.field: cell for cell in reversed(header)}


def read_header(grid: Grid, form: Form, rows: int, lexicon: Lexicon) -> Iterator[ReadCell]:
    """The fields of the header in so many rows, and dates in them that count from 1904."""
    for found in read_labels(grid, form.header_codes, range(rows)):
        if found.code in _TOLD:
            text, reading = (None, "unknown") if _is_doubtful(grid, found) else _told(found, lexicon)
            yield ReadCell(
                grid.name,
                found.cell_ref,
                found.row + 1,
                "header",
                found.code,
                reading,
                raw_text=found.text or None,
                text_value=text,
            )
            if grid.features.has_dates_from_1904 and isinstance(found.value, date):
                yield _from_1904(grid, found)


def _is_doubtful(grid: Grid, found: Beside) -> bool:
    """Whether a field is a formula without a sound result, or a bare number of days where it is not said since when."""
    is_days = isinstance(found.value, int | float) and grid.features.has_dates_from_1904
    return is_days or grid.broken_at(found.row, found.column) in FAULTS


def _from_1904(grid: Grid, found: Beside) -> ReadCell:
    """A date that a program which overlooks from when the file counts its days shows four years earlier."""
    place = (found.cell_ref, found.row + 1)
    return ReadCell(grid.name, *place, "sheet", "dates", "from_1904", raw_text=found.text)


def _told(found: Beside, lexicon: Lexicon) -> tuple[str | None, AnyReading]:
    """What a header field says in our own words: a unit's code, a month, a version."""
    if not found.text:
        return None, "empty"
    if found.code == "period":
        return _told_period(found.value, lexicon)
    if found.code == "unit_name":
        named = lexicon.unit_named(found.text)
        return named or (None, "unknown")
    if found.code == "unit_code":
        code = found.text.upper()
        return (code, "ok") if code in lexicon.unit_codes else (None, "unknown")
    return _version(found)


def _told_period(value: CellValue, lexicon: Lexicon) -> tuple[str | None, AnyReading]:
    """``loose``: the year, or which of several months is reported, was left to the reader."""
    if period := read_period(value):
        return str(period), "ok"
    loose = read_loose_period(value, lexicon.year)
    return (str(loose), "loose") if loose else (None, "unknown")


def _version(found: Beside) -> tuple[str, AnyReading]:
    """A version may be named by a month, and have been turned into a date: 2022-01-01; letters may be full width."""
    named = read_period(found.value)
    version = str(named) if named else unicodedata.normalize("NFKC", found.text).upper()
    return version, "ok" if version == found.text else "normalised"
