"""Cells of a workbook that openpyxl has in hand, dressed as the form's are."""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.worksheet.worksheet import Worksheet

from minsheng.template.style import FONT_NAME, LINE_COLOUR, Style

_THIN = Side(style="thin", color=LINE_COLOUR)
_BORDERS = {
    "box": Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN),
    "underline": Border(bottom=_THIN),
    None: Border(),
}


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
    fill = PatternFill(start_color=style.fill, end_color=style.fill, fill_type="solid") if style.fill else PatternFill()
    return NamedStyle(
        name=name,
        font=Font(name=FONT_NAME, size=style.size, bold=style.bold, color=style.color),
        fill=fill,
        border=_BORDERS[style.border],
        alignment=Alignment(horizontal=style.horizontal, vertical="center", wrap_text=True, indent=style.indent),
        number_format=number_format,
        protection=Protection(locked=style.is_locked),
    )


def put_across(sheet: Worksheet, row: int, first: int, last: int, value: object, style: Style) -> None:
    """Write one value over several columns of a row."""
    if last > first:  # merged while still bare: openpyxl would copy every border around
        sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
    for column in range(first, last + 1):
        put(sheet, row, column, value, style)
