"""The tables an office has (csv as Excel and WPS save it, or sheets of a workbook), read by their headings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from minsheng.core.contracts import Flag, Strict, load
from minsheng.core.errors import UserError
from minsheng.core.text import unspaced
from minsheng.spreadsheet.csv_text import SHEET_NAME
from minsheng.spreadsheet.grid import Grid
from minsheng.spreadsheet.opening import book_reader

FILE = Path(__file__).with_name("tables.yaml")
TableCode = Literal["units", "items", "contacts"]

_HEAD_ROWS = 10


class TableColumn(Strict):
    """A column by its headings. ``is_shared``: an empty cell means what the line above says."""

    code: str
    heading: str
    aliases: tuple[str, ...] = ()
    is_required: Flag = False
    is_shared: Flag = False
    help: str


class OfficeTable(Strict):
    """One table; in a workbook with several sheets it is the one called ``sheet``."""

    code: TableCode
    sheet: str
    columns: tuple[TableColumn, ...]

    def column(self, heading: str) -> TableColumn | None:
        """The column a heading means, whatever stands in brackets behind it; None: none that is read."""
        word = unspaced(heading).partition("(")[0].strip("*")
        known = (each for each in self.columns if word in map(unspaced, (each.heading, *each.aliases)))
        return next(known, None)


@dataclass(frozen=True)
class TableRow:
    """One line of a table: where it stands, and its cells by the codes of their columns."""

    table: OfficeTable
    place: str
    cells: Mapping[str, str]

    def __getitem__(self, code: str) -> str:
        return self.cells.get(code, "")

    def fault(self, column: str, code: str, /, **fields: object) -> UserError:
        """What is wrong with a cell of the line."""
        heading = next(each.heading for each in self.table.columns if each.code == column)
        return UserError(code, f"{self.place}（{heading}）", **fields)


@cache
def office_tables() -> Mapping[TableCode, OfficeTable]:
    """All of them."""
    return {table.code: table for table in load(FILE, tuple[OfficeTable, ...], FILE.name)}


def read_table(path: Path, code: TableCode) -> tuple[TableRow, ...]:
    """The lines of a table; raises one UserError that lists every fault of it."""
    table, grid = office_tables()[code], _grid(path, office_tables()[code])
    name = path.name if grid.name == SHEET_NAME else f"{path.name}“{grid.name}”"
    top, columns = _headings(grid, table, name)
    rows = tuple(_rows(grid, table, name, top, columns))
    missing = [row.fault(each.code, "cell_missing", help=each.help) for row in rows for each in _unfilled(table, row)]
    if not rows:
        missing = [UserError("table_empty", name)]
    if missing:
        raise UserError("faults_found", path, count=len(missing)).listing(missing)
    return rows


def names_in(text: str) -> list[str]:
    """Several names in one cell or sentence: ``县城管局、县住建局``."""
    for mark in "，,；;\n":
        text = text.replace(mark, "、")
    return [name.strip() for name in text.split("、") if name.strip()]


def _grid(path: Path, table: OfficeTable) -> Grid:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError("file_unreadable", path, reason=error.strerror) from error
    with book_reader() as read_book:
        book = read_book(content)
    if book.reading != "ok":
        raise UserError("table_unreadable", path, reason=book.reading)
    named = [grid for grid in book.sheets if unspaced(grid.name) == unspaced(table.sheet)]
    if not named and len(book.sheets) != 1:
        raise UserError("table_sheet_missing", path, sheet=table.sheet, known=[grid.name for grid in book.sheets])
    return (named or book.sheets)[0]


def _headings(grid: Grid, table: OfficeTable, name: str) -> tuple[int, dict[int, TableColumn]]:
    """The row with the headings, which may stand below a title, and the columns that are read."""
    rows = range(min(_HEAD_ROWS, len(grid.rows)))
    found = {row: _columns(grid.texts[row], table) for row in rows}
    top = max(found, key=lambda row: len(found[row]), default=0)
    columns = found.get(top, {})
    told = {column.code for column in columns.values()}
    if missing := [each.heading for each in table.columns if each.is_required and each.code not in told]:
        known = [each.heading for each in table.columns]
        raise UserError("table_headings_missing", name, missing=missing, known=known)
    return top, columns


def _columns(texts: Sequence[str], table: OfficeTable) -> dict[int, TableColumn]:
    meant = ((number, table.column(text)) for number, text in enumerate(texts) if text.strip())
    columns: dict[int, TableColumn] = {}
    for number, column in meant:
        if column is not None and column not in columns.values():
            columns[number] = column
    return columns


def _rows(grid: Grid, table: OfficeTable, name: str, top: int, columns: dict[int, TableColumn]) -> Iterator[TableRow]:
    above: dict[str, str] = {}
    for number in range(top + 1, len(grid.rows)):
        cells = {column.code: grid.text(number, place).strip() for place, column in columns.items()}
        if not any(cells.values()):
            continue
        if any(cells[column.code] for column in columns.values() if column.code == "item"):
            above = {}  # what another item says is not taken over
        for column in columns.values():
            if column.is_shared and not cells[column.code]:
                cells[column.code] = above.get(column.code, "")
        above = cells
        yield TableRow(table, f"{name} 第 {number + 1} 行", cells)


def _unfilled(table: OfficeTable, row: TableRow) -> Iterator[TableColumn]:
    yield from (column for column in table.columns if column.is_required and not row[column.code])
