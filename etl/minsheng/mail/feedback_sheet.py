"""The workbook that goes out with a month's feedback: one sheet, printed on one page."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from openpyxl import Workbook
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from minsheng.mail.cells import put, put_across
from minsheng.mail.feedback import FeedbackSheet, Figure
from minsheng.mail.saving import workbook_bytes
from minsheng.mail.sheets import fit_to_width, put_text
from minsheng.template.style import (
    GIVEN,
    GIVEN_SHORT,
    HEADING,
    LINE_HEIGHT,
    PROSE,
    TITLE,
    lines_needed,
)

NAME = "反馈单"
_COLUMNS = (
    ("指标", 34), ("月末数", 16), ("上月", 16), ("目标", 14), ("完成率", 10), ("亮灯", 7), ("状态", 14), ("更正", 28),
)  # fmt: skip
_FILLS = {"蓝": "DDEBF7", "绿": "E2F0D9", "黄": "FFF2CC", "红": "F8CBAD", "灰": "EDEDED"}
_TITLE_ROW, _REPORT_ROW, _HEADING_ROW = 1, 2, 3


def feedback_workbook(sheet: FeedbackSheet, frozen_at: datetime) -> bytes:
    """The same sheet as the letter tells, as a file; the same sheet gives the same bytes."""
    workbook = Workbook()
    page = cast(Worksheet, workbook.active)
    page.title = NAME
    page.sheet_view.showGridLines = False
    _across(page, _TITLE_ROW, f"{sheet.unit_name} {sheet.month}{NAME}", is_title=True)
    _across(page, _REPORT_ROW, sheet.report)
    for column, (heading, width) in enumerate(_COLUMNS, start=1):
        put(page, _HEADING_ROW, column, heading, HEADING)
        page.column_dimensions[get_column_letter(column)].width = width
    for row, figure in enumerate(sheet.figures, start=_HEADING_ROW + 1):
        _line(page, row, figure)
    for row, text in enumerate((sheet.rank, sheet.following), start=_HEADING_ROW + len(sheet.figures) + 2):
        _across(page, row, text)
    fit_to_width(page)
    return workbook_bytes(workbook, frozen_at.replace(tzinfo=None))


def _line(page: Worksheet, row: int, figure: Figure) -> None:
    numbers = (figure.actual, figure.before, figure.target, figure.ratio)
    shown = (figure.name, *numbers, figure.light, figure.status, figure.note)
    for column, text in enumerate(shown, start=1):
        put(page, row, column, None, GIVEN if column in (1, len(shown)) else GIVEN_SHORT)
        put_text(page, row, column, text)
    _colour(page, row, figure.light)
    lines = max(lines_needed(text, width) for text, (_, width) in zip(shown, _COLUMNS, strict=True))
    page.row_dimensions[row].height = LINE_HEIGHT * lines + 6


def _colour(page: Worksheet, row: int, light: str) -> None:
    colour = _FILLS.get(light, _FILLS["灰"])
    page.cell(row, 6).fill = PatternFill(start_color=colour, end_color=colour, fill_type="solid")


def _across(page: Worksheet, row: int, text: str, *, is_title: bool = False) -> None:
    put_across(page, row, 1, len(_COLUMNS), None, TITLE if is_title else PROSE)
    put_text(page, row, 1, text)
    width = sum(width for _, width in _COLUMNS)
    page.row_dimensions[row].height = 30 if is_title else LINE_HEIGHT * lines_needed(text, width) + 6
