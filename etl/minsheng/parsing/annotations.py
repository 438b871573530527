"""What lies around a table: what the file is, what is hidden in it, and what is written above and outside it.

A note may name the month: 2022年5月份进展情况表.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath

from minsheng.core.text import remembered
from minsheng.parsing.periods import period_in_name
from minsheng.parsing.reading import AnyReading, ReadCell
from minsheng.parsing.tables import Table
from minsheng.spreadsheet.book import Book
from minsheng.spreadsheet.grid import Grid, address, column_name
from minsheng.spreadsheet.numbers import fold
from minsheng.spreadsheet.part_texts import APART
from minsheng.words.chinese import chinese

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
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_NO_YEAR = 2000
# Texts outside cells stand apart, and so do the parts of a page header and the texts within a record of an xls.
_APART = re.compile(rf"[{APART}\x00-\x08]|&[LCR]")
# How our own comments in a returned workbook quote what a unit has written.
_QUOTES = re.compile("写着“|怎样改：")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_FEWEST_WORDS = 6


def of_file(field: str, text: str, reading: AnyReading = "ok", raw_text: str | None = None) -> ReadCell:
    """Something about the file."""
    return ReadCell("", None, None, "file", field, reading, raw_text=raw_text, text_value=text)


def kind_cell(kind: str, file_name: str) -> ReadCell:
    """What the file is by its content, and whether its suffix says the same."""
    suffix = PurePath(file_name).suffix
    return of_file("content_kind", kind, "ok" if suffix.lower() in SUFFIXES[kind] else "mismatch", suffix)


def sheet_cells(table: Table, lines: Sequence[ReadCell]) -> Iterator[ReadCell]:
    """What of a table its reader may not see, and the months that are noted above it."""
    yield from _hidden(table, lines)
    yield from _months(table)


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
        for column, text in grid.filled[row]:
            if isinstance(grid.rows[row][column], str):
                for piece in _pieces(text):
                    yield row, column, piece


@remembered
def _pieces(text: str) -> tuple[str, ...]:
    return tuple(_GAP.split(text.strip()))


def pieces_beside(book: Book) -> Iterator[str]:
    """What people write about the table outside its cells, piece by piece; not what an earlier answer says there."""
    ours = f"【{chinese().thing['data team']}】"
    for text in book.notes_beside:
        yield from _pieces_beside(text, ours)


@remembered
def _pieces_beside(text: str, ours: str) -> tuple[str, ...]:
    own = (piece.partition(ours)[0] for piece in _APART.split(text) if piece)
    return tuple(line for each in own for line in each.splitlines() if line.strip() and not _QUOTES.search(line))


def _months(table: Table) -> Iterator[ReadCell]:
    """Each month that a title or a line above the table names; without a year where none is said."""
    said: set[str] = set()
    for row, column, text in texts(table.grid, range(table.header_row)):
        month = _month_in(text)
        if month is not None and month not in said:
            said.add(month)
            yield note(table.grid, row, column, "title_month", "ok", text, month)


@remembered
def _month_in(text: str) -> str | None:
    if _NO_TITLE.search(fold(text)) or len(_HAN.findall(text)) < _FEWEST_WORDS:
        return None
    year = _YEAR.search(text)
    named = period_in_name(text, int(year[0]) if year else _NO_YEAR)
    return f"{named.month:02}" if named and named.year == _NO_YEAR else str(named) if named else None


def note(grid: Grid, row: int, column: int, field: str, reading: AnyReading, raw_text: str, text: str) -> ReadCell:
    """Something that a cell beside the lines says."""
    place = address(row, column)
    return ReadCell(grid.name, place, row + 1, "note", field, reading, raw_text=raw_text, text_value=text)
