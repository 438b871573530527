"""What lies around a table: what the file is, what is hidden in it, and notes that say of when its numbers are.

A note names the month (2022年5月份进展情况表) or the day up to which was counted (截至5月25日).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from pathlib import PurePath

from minsheng.parsing.periods import period_in_name
from minsheng.parsing.reading import AnyReading, ReadCell
from minsheng.parsing.tables import Table
from minsheng.spreadsheet.numbers import fold
from minsheng.spreadsheet.workbook import Grid, address, column_name

# WPS saves both containers under a suffix of its own.
SUFFIXES = {
    "xlsx": frozenset({".xlsx", ".et"}),
    "xlsb": frozenset({".xlsb"}),
    "xls": frozenset({".xls", ".et"}),
    "ods": frozenset({".ods"}),
    "csv": frozenset({".csv", ".txt", ".tsv"}),
}

_GAP = re.compile(r"\s{2,}|[\t\n]")

# A month in a line of some words, but for one at which something began or ends, and for dates.
_NO_TITLE = re.compile(r"月份?[\d起前后以之至到—-]|版本|截止|时间|日期|制表|印发|填报人|填表|审核|联系|电话")
# 截至5月25日, 统计截止日期：2022-05-25; but not the hour by which the form is due, 截止时间：2022-06-06 18:00.
_CUT_OFF = re.compile(
    r"(?:截至|截止到?|统计到|(?:统计|数据)截[至止](?:日期|时间|到)?)[:为]?(?:本月|目前)?"
    r"(?:(?P<year>20\d\d)[年./-])?(?P<month>\d{1,2})[月./-](?P<day>\d{1,2})(?!\d)"
)
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_NO_YEAR = 2000
_HAN = re.compile(r"[\u4e00-\u9fff]")
_FEWEST_WORDS = 6


def of_file(field: str, text: str, reading: AnyReading = "ok", raw_text: str | None = None) -> ReadCell:
    """Something about the file."""
    return ReadCell("", None, None, "file", field, reading, raw_text=raw_text, text_value=text)


def kind_cell(kind: str, file_name: str) -> ReadCell:
    """What the file is by its content, and whether its suffix says the same."""
    suffix = PurePath(file_name).suffix
    return of_file("content_kind", kind, "ok" if suffix.lower() in SUFFIXES[kind] else "mismatch", suffix)


def sheet_cells(table: Table, lines: Sequence[ReadCell], year: int) -> Iterator[ReadCell]:
    """What of a table its reader may not see, and what is noted around it; ``year`` is that of a day without one."""
    yield from _hidden(table, lines)
    yield from _months(table)
    yield from _cut_offs(table, year)


def _hidden(table: Table, lines: Sequence[ReadCell]) -> Iterator[ReadCell]:
    """Rows filtered away, rows or columns hidden, the whole sheet."""
    rows = sorted(
        {row for cell in lines if (row := cell.row_no)} & {row + 1 for row in table.grid.features.hidden_rows}
    )
    columns = sorted({*table.columns.values()} & table.grid.features.hidden_columns)
    if rows or table.grid.features.is_filtered:
        reading: AnyReading = "filtered" if table.grid.features.is_filtered else "hidden"
        yield _of_sheet(table, "rows", reading, f"第 {'、'.join(map(str, rows))} 行" if rows else "没有")
    if columns:
        yield _of_sheet(table, "columns", "hidden", f"{'、'.join(map(column_name, columns))} 列")
    if table.grid.is_hidden:
        yield _of_sheet(table, "sheet", "hidden", table.grid.name)


def _of_sheet(table: Table, field: str, reading: AnyReading, raw_text: str) -> ReadCell:
    return ReadCell(table.grid.name, None, None, "sheet", field, reading, raw_text=raw_text)


def texts(grid: Grid, rows: Iterable[int]) -> Iterator[tuple[int, int, str]]:
    """The texts in these rows, piece by piece: several notes may share a cell."""
    for row in rows:
        for column, value in enumerate(grid.rows[row]):
            if isinstance(value, str):
                yield from ((row, column, piece) for piece in _GAP.split(value.strip()))


def _months(table: Table) -> Iterator[ReadCell]:
    """Each month that a title or a line above the table names; without a year where none is said."""
    said: set[str] = set()
    for row, column, text in texts(table.grid, range(table.header_row)):
        month = _month_in(text)
        if month is not None and month not in said:
            said.add(month)
            yield note(table.grid, row, column, "title_month", "ok", text, month)


def _month_in(text: str) -> str | None:
    if _NO_TITLE.search(fold(text)) or len(_HAN.findall(text)) < _FEWEST_WORDS:
        return None
    year = _YEAR.search(text)
    named = period_in_name(text, int(year[0]) if year else _NO_YEAR)
    return f"{named.month:02}" if named and named.year == _NO_YEAR else str(named) if named else None


def _cut_offs(table: Table, year: int) -> Iterator[ReadCell]:
    """Each day up to which, as a line above or below the table says, was counted; the hour it is due is none."""
    lines_end = max((row for row in range(len(table.grid.rows)) if _has_code(table, row)), default=table.header_row)
    rows = chain(range(table.header_row), range(lines_end + 1, len(table.grid.rows)))
    for row, column, text in texts(table.grid, rows):
        for found in _CUT_OFF.finditer(fold(text)):
            day = _day(int(found["year"] or year), int(found["month"]), int(found["day"]))
            if day is not None:
                yield note(table.grid, row, column, "cut_off", "ok", text, day.isoformat())


def _has_code(table: Table, row: int) -> bool:
    return bool(table.value(row, "indicator_code"))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def note(grid: Grid, row: int, column: int, field: str, reading: AnyReading, raw_text: str, text: str) -> ReadCell:
    """Something that a cell beside the lines says."""
    place = address(row, column)
    return ReadCell(grid.name, place, row + 1, "note", field, reading, raw_text=raw_text, text_value=text)
