"""How the workbook looks: few colours, each with one meaning."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.worksheet.worksheet import Worksheet

FONT_NAME = "微软雅黑"
LINE_HEIGHT = 16.0  # points, for the text of the tables

_THIN = Side(style="thin", color="BFBFBF")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_UNDERLINE = Border(bottom=_THIN)


@dataclass(frozen=True)
class Style:
    """Everything about a cell but its value and its number format; ``name`` is what Excel's style list shows."""

    name: str
    size: float = 10
    bold: bool = False
    color: str = "262626"
    fill: str | None = None
    horizontal: str = "left"
    border: Border | None = _BOX
    is_locked: bool = True


TITLE = Style("标题", size=16, bold=True, color="1F4E5F", horizontal="center", border=None)
LABEL = Style("标签", bold=True, color="595959", horizontal="right", border=None)
VALUE = Style("表头内容", bold=True, border=_UNDERLINE)
SIGNATURE = Style("签字", fill="FFF8D6", border=_UNDERLINE, is_locked=False)
HINT = Style("提示", size=9, color="7F6000", border=None)
HEADING = Style("列名", bold=True, color="FFFFFF", fill="1F6E7D", horizontal="center")
GIVEN = Style("已印")
GIVEN_SHORT = Style("已印居中", horizontal="center")
GIVEN_NUMBER = Style("已印数字", horizontal="right")
INPUT = Style("填写", fill="FFF8D6", is_locked=False)
INPUT_NUMBER = Style("填写数字", fill="FFF8D6", horizontal="right", is_locked=False)
INPUT_CHOICE = Style("填写选项", fill="FFF8D6", horizontal="center", is_locked=False)
NOT_ASKED = Style("不填", color="A6A6A6", fill="E7E6E6", horizontal="center")
SECTION = Style("小标题", size=11, bold=True, color="1F6E7D", border=None)
PROSE = Style("说明", border=None)

ALERT_FILL = PatternFill(start_color="F8CBAD", end_color="F8CBAD", fill_type="solid")


def put(sheet: Worksheet, row: int, column: int, value: object, style: Style, number_format: str = "General") -> None:
    """Write one cell with its style."""
    cell = sheet.cell(row, column)
    if isinstance(cell, Cell):
        cell.value = value  # type: ignore[assignment]
    cell.style = _registered(sheet.parent, style, number_format)


def _registered(workbook: Workbook | None, style: Style, number_format: str) -> str:
    """The workbook's own style of this look: openpyxl compares all looks for every cell dressed piece by piece."""
    name = style.name if number_format == "General" else f"{style.name} {number_format}"
    if workbook and name not in workbook.named_styles:
        workbook.add_named_style(_named_style(name, style, number_format))
    return name


def _named_style(name: str, style: Style, number_format: str) -> NamedStyle:
    indent = 1 if style.border and style.horizontal == "left" else 0
    fill = PatternFill(start_color=style.fill, end_color=style.fill, fill_type="solid") if style.fill else PatternFill()
    return NamedStyle(
        name=name,
        font=Font(name=FONT_NAME, size=style.size, bold=style.bold, color=style.color),
        fill=fill,
        border=style.border or Border(),
        alignment=Alignment(horizontal=style.horizontal, vertical="center", wrap_text=True, indent=indent),
        number_format=number_format,
        protection=Protection(locked=style.is_locked),
    )


def put_across(sheet: Worksheet, row: int, first: int, last: int, value: object, style: Style) -> None:
    """Write one value over several columns of a row."""
    if last > first:  # merged while still bare: openpyxl would copy every border around
        sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
    for column in range(first, last + 1):
        put(sheet, row, column, value, style)


def lines_needed(text: str, width: int) -> int:
    """How many lines a text takes in a column ``width`` characters wide; a Chinese character counts two."""
    return sum(max(1, -(-_display_width(line) // max(1, width - 2))) for line in text.splitlines()) or 1


def _display_width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
