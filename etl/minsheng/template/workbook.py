"""The whole workbook: which sheets a unit gets, how they are locked and printed, what is carried inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import cast

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from minsheng.core.errors import UserError
from minsheng.core.files import atomic_write
from minsheng.core.period import Period
from minsheng.plan.form import Form, Sheet, SheetCode
from minsheng.plan.models import Plan
from minsheng.template.guide import draw_guide
from minsheng.template.rows import FormLine, Task, contribution_lines, detail_lines, report_lines, target_shown
from minsheng.template.save import workbook_bytes
from minsheng.template.table import FIRST_ROW, HEADING_ROW, draw_table, header_cell

__all__ = ["make_workbook", "save_workbook", "target_shown", "workbook_path", "write_workbook"]

_CARRIED = ("unit_code", "period", "template_version")
_TAB_COLOURS = {"report": "1F6E7D", "contribution": "C58B1B", "detail": "5B8C5A", "guide": "8C8C8C"}
_FIRST_FREE_COLUMN = {"report": "C", "contribution": "A", "detail": "A"}


def workbook_path(folder: Path, plan: Plan, unit_code: str, period: str) -> Path:
    """Where in a folder a unit's workbook for a month lies: ``CGJ_城管局_2022-05.xlsx``."""
    return folder / workbook_name(plan, unit_code, period)


def workbook_name(plan: Plan, unit_code: str, about: str) -> str:
    """What a workbook for a unit is called."""
    return f"{unit_code}_{plan.unit(unit_code).short_name}_{about}.xlsx"


def write_workbook(
    path: Path, plan: Plan, form: Form, unit_code: str, period: str, last_cumulative: Mapping[str, Decimal]
) -> None:
    """Write a unit's workbook for a month (YYYY-MM); the same input gives the same bytes.

    ``last_cumulative`` holds, by indicator, the county total accepted up to last month.
    """
    save_workbook(make_workbook(plan, form, unit_code, period, last_cumulative), path, period)


def make_workbook(
    plan: Plan, form: Form, unit_code: str, period: str, last_cumulative: Mapping[str, Decimal]
) -> Workbook:
    """A unit's workbook in memory: its tables, of which the first is signed, and the guide.

    Raises UserError for a unit without a role in the plan in that month.
    """
    task = Task(plan.at(period), form, plan.unit(unit_code), Period.parse(period), last_cumulative)
    workbook = Workbook()
    workbook.remove(cast(Worksheet, workbook.active))
    tables = list(_tables(task))
    if not tables:
        raise UserError("nothing_owed", unit_code, period=period)
    for number, (sheet, lines) in enumerate(tables):
        worksheet = _add_sheet(workbook, task, sheet)
        draw_table(worksheet, task, sheet, lines, is_signed=number == 0)
        worksheet.freeze_panes = f"{_FIRST_FREE_COLUMN[sheet.code]}{FIRST_ROW}"
        worksheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    draw_guide(_add_sheet(workbook, task, form.sheet("guide")), task)
    _carry(workbook, form, tables[0][0])
    workbook.properties.title = f"{task.unit_name} {period}"
    workbook.properties.creator = "minsheng"
    return workbook


def save_workbook(workbook: Workbook, path: Path, period: str) -> None:
    """Save atomically and without a clock: the first day of the month stands in for the time of writing."""
    atomic_write(path, workbook_bytes(workbook, datetime.combine(Period.parse(period).first_day, time())))


def _tables(task: Task) -> Iterator[tuple[Sheet, Sequence[FormLine]]]:
    """The tables that have rows for this unit, in the form's order."""
    rows: dict[SheetCode, Sequence[FormLine]] = {
        "report": report_lines(task),
        "contribution": contribution_lines(task),
        "detail": detail_lines(task),
    }
    for code, lines in rows.items():
        if lines:
            yield task.form.sheet(code), lines


def _add_sheet(workbook: Workbook, task: Task, sheet: Sheet) -> Worksheet:
    worksheet = cast(Worksheet, workbook.create_sheet(sheet.name))
    worksheet.sheet_properties.tabColor = _TAB_COLOURS[sheet.code]
    worksheet.sheet_view.showGridLines = False
    _protect(worksheet)
    _set_up_page(worksheet, task)
    return worksheet


def _protect(worksheet: Worksheet) -> None:
    """Locked without a password: the clerk may widen columns, and may unprotect if there is need."""
    worksheet.protection.sheet = True
    worksheet.protection.formatColumns = False
    worksheet.protection.formatRows = False


def _set_up_page(worksheet: Worksheet, task: Task) -> None:
    """A4 landscape, as wide as the paper, with unit and month on every page."""
    worksheet.page_setup.paperSize = 9
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.fitToWidth = 1
    worksheet.page_setup.fitToHeight = 0
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = worksheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom = 0.8, 0.8
    margins.header = margins.footer = 0.4
    worksheet.print_options.horizontalCentered = True
    worksheet.oddHeader = _margin_text(task.unit_name, f"报送期 {task.period}")
    worksheet.oddFooter = _margin_text(f"模板版本 {task.form.template_version}", "第 &P 页，共 &N 页")


def _margin_text(left: str, right: str) -> HeaderFooterItem:
    item = HeaderFooterItem()
    item.left.text = left
    item.right.text = right
    return item


def _carry(workbook: Workbook, form: Form, first_table: Sheet) -> None:
    """Name the cells that say whose workbook this is, so that it is known even when labels are overwritten."""
    for code in _CARRIED:
        workbook.defined_names[code] = DefinedName(code, attr_text=header_cell(form, first_table, code))
