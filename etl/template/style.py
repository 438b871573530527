"""How the workbook looks: few colours, each with one meaning."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.worksheet import Worksheet

FONT_NAME = "微软雅黑"
LINE_HEIGHT = 16.0  # points, for the text of the tables

_THIN = Side(style="thin", color="BFBFBF")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_UNDERLINE = Border(bottom=_THIN)


@dataclass(frozen=True)
class Style:
    """Everything about a cell but its value and its number format."""

    size: float = 10
    bold: bool = False
    color: str = "262626"
    fill: str | None = None
    horizontal: str = "left"
    border: Border | None = _BOX
    is_locked: bool = True


TITLE = Style(size=16, bold=True, color="1F4E5F", horizontal="center", border=None)
LABEL = Style(bold=True, color="595959", horizontal="right", border=None)
VALUE = Style(bold=True, border=_UNDERLINE)
SIGNATURE = Style(fill="FFF8D6", border=_UNDERLINE, is_locked=False)
HINT = Style(size=9, color="7F6000", border=None)
HEADING = Style(bold=True, color="FFFFFF", fill="1F6E7D", horizontal="center")
GIVEN = Style()
GIVEN_SHORT = Style(horizontal="center")
GIVEN_NUMBER = Style(horizontal="right")
INPUT = Style(fill="FFF8D6", is_locked=False)
INPUT_NUMBER = Style(fill="FFF8D6", horizontal="right", is_locked=False)
INPUT_CHOICE = Style(fill="FFF8D6", horizontal="center", is_locked=False)
NOT_ASKED = Style(color="A6A6A6", fill="E7E6E6", horizontal="center")
SECTION = Style(size=11, bold=True, color="1F6E7D", border=None)
PROSE = Style(border=None)

ALERT_FILL = PatternFill(start_color="F8CBAD", end_color="F8CBAD", fill_type="solid")


def put(sheet: Worksheet, row: int, column: int, value: object, style: Style, number_format: str = "General") -> None:
    """Write one cell with its style."""
    cell = sheet.cell(row, column)
    if isinstance(cell, Cell):
        cell.value = value  # type: ignore[assignment]
    cell.font = Font(name=FONT_NAME, size=style.size, bold=style.bold, color=style.color)
    indent = 1 if style.border and style.horizontal == "left" else 0
    cell.alignment = Alignment(horizontal=style.horizontal, vertical="center", wrap_text=True, indent=indent)
    cell.protection = Protection(locked=style.is_locked)
    cell.number_format = number_format
    if style.fill:
        cell.fill = PatternFill(start_color=style.fill, end_color=style.fill, fill_type="solid")
    if style.border:
        cell.border = style.border


def put_across(sheet: Worksheet, row: int, first: int, last: int, value: object, style: Style) -> None:
    """Write one value over several columns of a row."""
    for column in range(first, last + 1):
        put(sheet, row, column, value if column == first else None, style)
    if last > first:
        sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)


def lines_needed(text: str, width: int) -> int:
    """How many lines a text takes in a column ``width`` characters wide; a Chinese character counts two."""
    return sum(max(1, -(-_display_width(line) // max(1, width - 2))) for line in text.splitlines()) or 1


def _display_width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
