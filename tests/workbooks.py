"""Workbooks for tests: the real template, filled in and then changed as units change it."""

from __future__ import annotations

import io
import pickle
from functools import cache
from itertools import count
from typing import TypeVar

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from examples.filling import handed_out
from minsheng.core.declarations import ROOT
from minsheng.parsing.lexicon import Lexicon, plan_lexicon
from minsheng.parsing.reading import ReadForm
from minsheng.plan.form import label_key
from minsheng.plan.loader import load_plan
from minsheng.plan.models import Plan
from minsheng.spreadsheet.numbers import CellValue
from minsheng.template.month import month_forms
from tests.books import read_form

Thing = TypeVar("Thing")


@cache
def lushan() -> Plan:
    return load_plan(ROOT / "plans" / "lushan-2022")


@cache
def words() -> Lexicon:
    return plan_lexicon(lushan())


def blank(unit_code: str, period: str = "2022-05") -> Workbook:
    """The workbook as it is handed out."""
    workbook: Workbook = pickle.loads(_blank(unit_code, period))
    return workbook


@cache
def _blank(unit_code: str, period: str) -> bytes:
    """Made and opened once: every test has a copy of its own, in a twentieth of the time."""
    return pickle.dumps(handed_out(month_forms(lushan(), period), unit_code))


def manholes(month: CellValue = 120, cumulative: CellValue = 520, period: str = "2022-05") -> Workbook:
    """The shortest report there is: 县城管局 leads M03-01 and nothing else."""
    workbook = blank("CGJ", period)
    cell(workbook, "M03-01", "本月数").value = month
    cell(workbook, "M03-01", "累计数").value = cumulative
    sign(workbook)
    return workbook


def streets(beds: int = 50) -> Workbook:
    """县民政局, complete: every indicator led, contributions of nothing, and each street with a facility and beds."""
    workbook = blank("MZJ")
    for code, heading, number in (("M06-03", "分子", 20), ("M06-03", "分母", 32), ("M06-04", "累计数", 60000)):
        cell(workbook, code, heading).value = number
    for code in ("M01-01", "M01-02", "M01-03", "M03-01"):
        for heading, value in (("本月数", 0), ("累计数", 0), ("零报送", "是")):
            cell(workbook, code, heading, "配合事项").value = value
    for row in table_rows(workbook["明细"]):
        row["数量"].value = 1 if row["指标编码"].value == "M06-01" else beds
    sign(workbook)
    return workbook


def sign(workbook: Workbook) -> None:
    for row in workbook.worksheets[0].iter_rows():
        for one in row:
            if isinstance(one.value, str) and one.value.startswith(("填报人", "审核人")):
                one.value = one.value + "示例"


def cell(workbook: Workbook, code: str, heading: str, sheet: str = "填报") -> Cell:
    """The cell of an indicator under a heading."""
    return unmerged(next(row[heading] for row in table_rows(workbook[sheet]) if row["指标编码"].value == code))


def table_rows(sheet: Worksheet) -> list[dict[str, Cell | MergedCell]]:
    """The lines below the header, by heading; in the signature's, many cells lie under a merged one."""
    header = header_row(sheet)
    headings = {str(one.value): one.column for one in sheet[header] if one.value}
    return [
        {name: sheet.cell(row, column) for name, column in headings.items()}
        for row in range(header + 1, sheet.max_row + 1)
    ]


def header_row(sheet: Worksheet) -> int:
    return next(row for row in range(1, 12) if label_key(str(sheet.cell(row, 2).value)) in ("指标名称", "项目名称"))


def beside(workbook: Workbook, label: str) -> Cell:
    """The cell to the right of a label of the header block."""
    sheet = workbook.worksheets[0]
    for row in sheet.iter_rows(max_row=4):
        for number, one in enumerate(row):
            if isinstance(one.value, str) and one.value.startswith(label):
                return next(right for right in row[number + 1 :] if right.value is not None)
    raise LookupError(label)


def unmerged(one: Cell | MergedCell) -> Cell:
    """The same cell, sure not to lie under a merged one, where nothing can be written."""
    assert isinstance(one, Cell), f"{one.coordinate} lies under a merged cell"
    return one


def present(thing: Thing | None) -> Thing:
    """What may be missing in other workbooks and is there in this one."""
    assert thing is not None
    return thing


# Numbers each saving, as Office does: two that say the same are two files, also within one second.
_savings = count(1)


def as_bytes(workbook: Workbook) -> bytes:
    workbook.properties.revision = str(next(_savings))
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def read(workbook: Workbook, name: str = "报表.xlsx") -> ReadForm:
    return read_form(as_bytes(workbook), name, words())
