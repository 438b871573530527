"""A unit's workbook in openpyxl: its own where that can be had, else one drawn from the values read."""

from __future__ import annotations

import io
import math
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from typing import cast

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from minsheng.core.codes import CellReading
from minsheng.spreadsheet.formats import LIKE
from minsheng.spreadsheet.grid import Grid, address, as_text
from minsheng.spreadsheet.numbers import CellValue
from minsheng.template.style import LINE_HEIGHT, lines_needed
from minsheng.words.chinese import chinese

# A workbook with its sheets by the name under which they were read.
Opened = tuple[Workbook, Mapping[str, Worksheet]]

# Sheet and cell.
Place = tuple[str, str]

# openpyxl keeps half a kilobyte for each cell, also for one that is merely formatted, and takes its time for it.
_MOST_CELLS = 450_000
_MOST_SHEET_BYTES = 16 * 1024 * 1024
_NOT_IN_A_TITLE = re.compile(r"[\\*?:/\[\]]")
_LONGEST_TITLE = 31
_WIDEST = 40  # characters
_LINE = 3  # so many filled cells make a line of a table
# What a drawn cell says of a number that must not pass for one.
_SEEN: Mapping[str, CellReading] = {
    "error": "error",
    "no_value": "no_value",
    "external": "external",
    "scaled": "scaled",
}
# A text that begins like this would be run as a formula by whoever types it in again.
_FORMULA_LIKE = ("=", "+", "-", "@", "\t", "\r")
_WRAPPED = Alignment(wrap_text=True, vertical="center")


def are_markable(grids: tuple[Grid, ...]) -> bool:
    """Whether the sheets are of a size that can be written out again in a few seconds; a form has a thousand cells."""
    return sum(len(row) for grid in grids for row in grid.rows) <= _MOST_CELLS


def loaded(content: bytes, grids: tuple[Grid, ...]) -> Opened | None:
    """The workbook as it is; None: no xlsx, or not one that openpyxl can take and give back."""
    if not _is_bearable(content):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about extensions of Excel's that it cannot give back
            workbook = load_workbook(io.BytesIO(content), rich_text=True)
    except Exception:  # openpyxl raises whatever its innards do; the values read are there all the same
        return None
    sheets = {sheet.title: sheet for sheet in workbook.worksheets}
    return (workbook, sheets) if {grid.name for grid in grids} <= sheets.keys() else None


def drawn(grids: tuple[Grid, ...], refused: frozenset[Place]) -> Opened:
    """A workbook made from the values read: types, percentages and merged cells kept, no formula in it.

    What is refused for how its number came about or is shown is written as words: sent back, it must not pass.
    """
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    sheets = {grid.name: workbook.create_sheet(_title(grid.name)) for grid in grids}
    for grid in grids:
        _draw(sheets[grid.name], grid, refused)
    return workbook, sheets


def put_text(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Write text that stays text, whatever it looks like."""
    cell = cast(Cell, sheet.cell(row, column))
    cell.value = text
    cell.data_type = "s"
    if text.startswith(_FORMULA_LIKE):
        cell.quotePrefix = True


def _is_bearable(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sizes = (part.file_size for part in archive.infolist() if part.filename.startswith("xl/worksheets/"))
            return sum(sizes) <= _MOST_SHEET_BYTES
    except zipfile.BadZipFile:
        return False


def _title(name: str) -> str:
    return _NOT_IN_A_TITLE.sub("_", name).strip("'")[:_LONGEST_TITLE] or "Sheet"


def _draw(sheet: Worksheet, grid: Grid, refused: frozenset[Place]) -> None:
    for row, values in enumerate(grid.rows):
        for column, value in enumerate(values):
            broken = grid.broken_at(row, column)
            is_there = broken in _SEEN or value not in (None, "")
            is_refused = is_there and (grid.name, address(row, column)) in refused
            if is_refused and (grid.is_covered(row, column) or (broken or "").startswith(LIKE)):
                broken = "scaled"
            if is_refused and broken and broken in _SEEN:
                put_text(sheet, row + 1, column + 1, f"{as_text(value)}（{chinese().cell_reading[_SEEN[broken]]}）")
            elif value not in (None, ""):
                _put(sheet, row + 1, column + 1, value)
                if broken == "percent":
                    sheet.cell(row + 1, column + 1).number_format = "0.00%"
    _lay_out(sheet, grid)
    for (top, left), (bottom, right) in _mergeable(grid):
        sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)


def _put(sheet: Worksheet, row: int, column: int, value: CellValue) -> None:
    if isinstance(value, str) or (isinstance(value, float) and not math.isfinite(value)):
        put_text(sheet, row, column, str(value))
    else:
        sheet.cell(row, column, value)


def _lay_out(sheet: Worksheet, grid: Grid) -> None:
    """Columns as wide as the lines of the table need; titles and remarks run on over the cells beside them."""
    for row, values in enumerate(grid.rows):
        if sum(value not in (None, "") for value in values) >= _LINE:
            for column in range(len(values)):
                _make_room(sheet, row + 1, column + 1, grid.text(row, column))
    sheet.sheet_format.defaultRowHeight, sheet.sheet_format.customHeight = LINE_HEIGHT + 2, True
    sheet.print_options.gridLines = True
    fit_to_width(sheet)


def _make_room(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Widen the column for a text, and from some width on the line."""
    needed = _shown_width(text) + 2
    line, place = sheet.row_dimensions[row], sheet.column_dimensions[get_column_letter(column)]
    place.width = max(place.width, min(needed, _WIDEST))
    if needed > _WIDEST:
        sheet.cell(row, column).alignment = _WRAPPED
        line.height = max(line.height or 0, LINE_HEIGHT * lines_needed(text, _WIDEST))


def fit_to_width(sheet: Worksheet) -> None:
    """Print on A4 landscape, as wide as the paper."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _shown_width(text: str) -> int:
    """In Latin characters; a Chinese one takes two."""
    return sum(1 if char.isascii() else 2 for char in text)


def _mergeable(grid: Grid) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Merged areas inside the sheet of which only the first cell has a value: merging drops the others."""
    for (top, left), (bottom, right) in grid.merged:
        inside = bottom < len(grid.rows) and right < len(grid.rows[bottom])
        cells = [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)] if inside else []
        if inside and all(grid.at(*place) in (None, "") for place in cells[1:]):
            yield (top, left), (bottom, right)
