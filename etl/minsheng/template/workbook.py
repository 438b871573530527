"""The whole workbook: which sheets a unit gets, how they are locked and printed, what is carried inside.

XlsxWriter makes it in a quarter of the time openpyxl takes (docs/adr/0035).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from pathlib import Path

from xlsxwriter import Workbook

from minsheng.core.errors import UserError
from minsheng.core.files import atomic_write
from minsheng.plan.form import Sheet, SheetCode
from minsheng.template.drawing import Canvas, CellFormats, FormSheet
from minsheng.template.guide import draw_guide
from minsheng.template.month import MonthForms, Task
from minsheng.template.rows import FormLine, contribution_lines, detail_lines, report_lines
from minsheng.template.table import FIRST_ROW, HEADING_ROW, draw_table, header_cell

_CARRIED = ("unit_code", "period", "template_version")
_TAB_COLOURS = {"report": "#1F6E7D", "contribution": "#C58B1B", "detail": "#5B8C5A", "guide": "#8C8C8C"}
_FREE_COLUMNS = {"report": 2, "contribution": 0, "detail": 0}  # so many stay in sight
_A4 = 9


def write_workbook(path: Path, month: MonthForms, unit_code: str) -> None:
    """Write a unit's workbook; the same input gives the same bytes."""
    atomic_write(path, make_workbook(month, unit_code))


def make_workbook(month: MonthForms, unit_code: str) -> bytes:
    """A unit's workbook as .xlsx: its tables, of which the first is signed, and the guide.

    Raises UserError for a unit without a role in the plan in that month. No clock: the first day of the month stands
    in for the time of writing.
    """
    task = Task(month, month.plan.unit(unit_code))
    tables = list(_tables(task))
    if not tables:
        raise UserError("nothing_owed", unit_code, period=month.period)
    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True}) as workbook:
        _draw(workbook, task, tables)
    return stream.getvalue()


def _draw(workbook: Workbook, task: Task, tables: Sequence[tuple[Sheet, Sequence[FormLine]]]) -> None:
    formats = CellFormats(workbook)
    for number, (sheet, lines) in enumerate(tables):
        canvas = _add_sheet(workbook, formats, task, sheet)
        draw_table(canvas, task, sheet, lines, is_signed=number == 0)
        canvas.sheet.freeze_panes(FIRST_ROW - 1, _FREE_COLUMNS[sheet.code])
        canvas.sheet.repeat_rows(HEADING_ROW - 1)
    draw_guide(_add_sheet(workbook, formats, task, task.form.sheet("guide")), task)
    for code in _CARRIED:  # so that it is known whose workbook this is even when labels are overwritten
        workbook.define_name(code, f"={header_cell(task.form, tables[0][0], code)}")
    created = datetime.combine(task.period.first_day, time())
    workbook.set_properties({"title": f"{task.unit_name} {task.period}", "author": "minsheng", "created": created})


def _tables(task: Task) -> Iterator[tuple[Sheet, Sequence[FormLine]]]:
    """The tables that have rows for this unit, in the form's order."""
    rows: dict[SheetCode, Sequence[FormLine]] = {
        "report": report_lines(task),
        "contribution": contribution_lines(task),
        "detail": detail_lines(task),
    }
    for code, lines in rows.items():
        if lines:
            yield _shown(task.form.sheet(code), lines), lines


def _shown(sheet: Sheet, lines: Sequence[FormLine]) -> Sheet:
    """The sheet as this unit gets it: what only ratios need is left out where none is asked for."""
    if any(line.is_ratio for line in lines):
        return sheet
    return sheet.model_copy(update={"columns": tuple(each for each in sheet.columns if not each.is_for_ratios)})


def _add_sheet(workbook: Workbook, formats: CellFormats, task: Task, sheet: Sheet) -> Canvas:
    canvas = Canvas(workbook.add_worksheet(sheet.name, FormSheet), formats)
    canvas.sheet.set_tab_color(_TAB_COLOURS[sheet.code])
    canvas.sheet.hide_gridlines(2)
    # Locked without a password: the clerk may widen columns, and may unprotect if there is need.
    canvas.sheet.protect("", {"format_columns": True, "format_rows": True, "objects": True, "scenarios": True})
    _set_up_page(canvas, task)
    return canvas


def _set_up_page(canvas: Canvas, task: Task) -> None:
    """A4 landscape, as wide as the paper, with unit and month on every page."""
    sheet = canvas.sheet
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.8, bottom=0.8)
    sheet.center_horizontally()
    sheet.set_header(_margin_text(task.unit_name, f"报送期 {task.period}"), {"margin": 0.4})
    sheet.set_footer(_margin_text(f"模板版本 {task.form.template_version}", "第 &P 页，共 &N 页"), {"margin": 0.4})


def _margin_text(left: str, right: str) -> str:
    return f"&L{left.replace('&', '&&')}&R{right}"
