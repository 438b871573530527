"""One unit's workbook, truly filled in, whose cells are found by what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache, cached_property

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.datavalidation import DataValidationList
from openpyxl.worksheet.worksheet import Worksheet

from examples.figures import Figures
from examples.filling import Filler, handed_out
from examples.scenario import load_scenario
from minsheng.core.declarations import FORMS, ROOT
from minsheng.core.period import Period
from minsheng.mail.saving import workbook_bytes
from minsheng.plan.form import Form, SheetCode, label_key, load_form
from minsheng.plan.obligations import Obligation, obligations
from minsheng.template.month import month_forms
from tests.workbooks import lushan, unmerged

_FIELDS = ("month", "cumulative", "numerator", "denominator")
_HEADING_ROW = 5
_VERSION = "2022-01"  # the corpus is of the first form, which units still send
_NO_THEME = b'<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name=""/>'


@dataclass(frozen=True)
class Book:
    """A workbook on its way to becoming a case."""

    workbook: Workbook
    form: Form
    unit: str
    period: str

    def __getitem__(self, address: str) -> Cell:
        """The cell at an address.

        ``M01-01 month``, ``contribution M01-01 month``, ``detail M06-02 410423001 value``, ``header period``,
        ``signature phone``, or a place: ``填报!F6``.
        """
        if "!" in address:
            sheet, place = address.split("!")
            return unmerged(self.workbook[sheet][place])
        *keys, field = address.split()
        if keys in (["header"], ["signature"]):
            return self._beside(field)
        code, wanted = of_sheet(keys)
        return unmerged(self.sheet(code).cell(self.row(code, *wanted), self.column(code, field)))

    @cached_property
    def first(self) -> Worksheet:
        """The sheet that is signed."""
        return self.workbook.worksheets[0]

    def sheet(self, code: SheetCode) -> Worksheet:
        """A sheet of the form."""
        return self.workbook[self.form.sheet(code).name]

    def row(self, code: SheetCode, *keys: str) -> int:
        """The row in which all these codes stand."""
        rows = self.sheet(code).iter_rows(min_row=_HEADING_ROW + 1, values_only=True)
        for number, values in enumerate(rows, start=_HEADING_ROW + 1):
            if keys and set(keys) <= set(values):
                return number
        raise LookupError(f"{code} {keys}")

    def column(self, code: SheetCode, field: str) -> int:
        """The column of a field, counted from 1."""
        headings = [cell.value for cell in self.sheet(code)[_HEADING_ROW]]
        return headings.index(self.form.sheet(code).column(field).heading) + 1

    def rows(self, code: SheetCode = "report") -> range:
        """The rows of the table."""
        sheet = self.sheet(code)
        filled = (row for row in range(_HEADING_ROW + 1, sheet.max_row + 1) if _is_coded(sheet.cell(row, 1).value))
        last = max(filled)
        return range(_HEADING_ROW + 1, last + 1)

    def content(self) -> bytes:
        """The workbook as openpyxl saves it; the same workbook gives the same bytes."""
        return workbook_bytes(self.workbook, datetime.combine(Period.parse(self.period).next.first_day, time()))

    def lean(self) -> Book:
        """The same without the sheet 说明, drop-downs and colour theme: half the bytes, and none of the words."""
        if "说明" in self.workbook.sheetnames:
            self.workbook.remove(self.workbook["说明"])
        for sheet in self.workbook.worksheets:
            sheet.data_validations = DataValidationList()
        self.workbook.loaded_theme = _NO_THEME
        return self

    def _beside(self, code: str) -> Cell:
        key = label_key(self.form.label(code))
        for row in self.first.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and label_key(cell.value) == key:
                    areas = (area.max_col for area in self.first.merged_cells.ranges if cell.coordinate in area)
                    return unmerged(self.first.cell(cell.row, max(areas, default=cell.column) + 1))
        raise LookupError(code)


def of_sheet(keys: Sequence[str]) -> tuple[SheetCode, Sequence[str]]:
    """The sheet an address begins with, and the rest of it; what names no sheet is in the report."""
    match keys:
        case ["contribution" | "detail" as code, *rest]:
            return code, rest
        case _:
            return "report", keys


def filled(unit: str, period: str) -> Book:
    """The template of a unit and month, filled in truly."""
    book = blank(unit, period)
    plan = lushan()
    Filler(book.workbook, book.form).fill(
        plan, _figures(), _owed(unit, period), period, f"{Period.parse(period).next}-02"
    )
    return book


def blank(unit: str, period: str) -> Book:
    """The template as it is handed out."""
    month = month_forms(lushan(), period, _figures().earlier(period), form=load_form(FORMS, _VERSION))
    return Book(handed_out(month, unit), month.form, unit, period)


def true_values(unit: str, period: str) -> Iterator[tuple[str, str]]:
    """What a unit truly has to report, by address; numbers as text."""
    indicators = {indicator.code: indicator for indicator in lushan().indicators}
    for duty in _owed(unit, period):
        if duty.indicator_code is None:
            continue
        indicator = indicators[duty.indicator_code]
        if duty.role == "contribution":
            values = _figures().contribution(duty, period)
            yield from _addressed(f"contribution {indicator.code}", values)
        elif indicator.is_per_member:
            for member, number in _figures().members(indicator, period).items():
                yield f"detail {indicator.code} {member} value", f"{number}"
        else:
            values = _figures().report(indicator, period)
            if indicator.fixed_denominator:
                values["denominator"] = indicator.fixed_denominator.value
            yield from _addressed(indicator.code, values)


def _addressed(prefix: str, values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    return ((f"{prefix} {field}", f"{values[field]}") for field in _FIELDS if field in values)


def _owed(unit: str, period: str) -> tuple[Obligation, ...]:
    return tuple(duty for duty in obligations(lushan(), Period.parse(period)) if duty.unit_code == unit)


@cache
def _figures() -> Figures:
    return Figures(lushan(), load_scenario(ROOT / "examples" / "scenario.yaml"))


def _is_coded(value: object) -> bool:
    return isinstance(value, str) and value.startswith("M")
