"""Filling a workbook in as a clerk would: cell by cell, found by its code and heading."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from examples.figures import Figures
from examples.scenario import Planted
from minsheng.plan.form import Form, SheetCode, label_key
from minsheng.plan.models import Plan
from minsheng.plan.obligations import Obligation
from minsheng.template.month import MonthForms
from minsheng.template.workbook import make_workbook

_SIGNATURE = {"reporter": "示例甲", "reviewer": "示例乙", "phone": "0375-0000000", "stamp": "（章）"}
_KEYS = ("item_code", "indicator_code", "member_code")
_ROWS_ABOVE = 5


def handed_out(month: MonthForms, unit_code: str) -> Workbook:
    """A unit's workbook, opened to be filled in."""
    return load_workbook(io.BytesIO(make_workbook(month, unit_code)))


@dataclass(frozen=True)
class Filler:
    """One workbook being filled in."""

    workbook: Workbook
    form: Form

    def fill(self, plan: Plan, figures: Figures, owed: tuple[Obligation, ...], period: str, filled_on: str) -> None:
        """Every number and note of the unit, and the signature line."""
        indicators = {indicator.code: indicator for indicator in plan.indicators}
        for duty in owed:
            if duty.role != "lead":
                self.write("contribution", duty.indicator_code, figures.contribution(duty, period), duty.item_code)
                continue
            indicator = indicators[duty.indicator_code or ""]
            self.write("report", indicator.code, figures.report(indicator, period))
            if indicator.is_per_member:
                for member, number in figures.members(indicator, period).items():
                    self.write("detail", indicator.code, {"value": number}, member_code=member)
        self._sign(filled_on)

    def spoil(self, planted: Planted) -> None:
        """What the scenario does to this workbook's cells."""
        if planted.indicator is None:
            for code, value in planted.set.items():
                self._write_beside(self.workbook.worksheets[0], code, value)
            return
        sheet, row = self._place(planted.sheet, planted.indicator)
        if planted.clear:
            for number in range(1, sheet.max_column + 1):
                sheet.cell(row, number).value = None
        if planted.swap:
            first, second = (sheet.cell(row, self._column(planted.sheet, code)) for code in planted.swap)
            first.value, second.value = second.value, first.value
        self._set(sheet, row, planted.sheet, planted.set)
        self._respell(sheet, row, planted)

    def correct(self, indicator_code: str, reason: str) -> None:
        """Mark a row as a correction."""
        self.write("report", indicator_code, {"correction": "是", "correction_reason": reason})

    def write(
        self,
        sheet_code: SheetCode,
        indicator_code: str | None,
        values: Mapping[str, Decimal | str],
        item_code: str | None = None,
        member_code: str | None = None,
    ) -> None:
        """Write values into the row of an indicator (item, member) by column code."""
        sheet, row = self._place(sheet_code, indicator_code, item_code, member_code)
        self._set(sheet, row, sheet_code, values)

    def _set(
        self, sheet: Worksheet, row: int, sheet_code: SheetCode, values: Mapping[str, Decimal | str | float | None]
    ) -> None:
        for code, value in values.items():
            sheet.cell(row, self._column(sheet_code, code)).value = value

    def _respell(self, sheet: Worksheet, row: int, planted: Planted) -> None:
        for code, way in planted.spell.items():
            cell = sheet.cell(row, self._column(planted.sheet, code))
            unit = sheet.cell(row, self._column(planted.sheet, "unit_of_measure")).value
            cell.value = {
                "full_width": _full_width(f"{cell.value}"),
                "with_unit": f"{cell.value}{unit}",
                "thousands": f"{cell.value:,}",
            }[way]

    def _column(self, sheet_code: SheetCode, code: str) -> int:
        sheet = self.form.sheet(sheet_code)
        headings = [cell.value for cell in self.workbook[sheet.name][_ROWS_ABOVE]]
        return headings.index(sheet.column(code).heading) + 1

    def _place(
        self,
        sheet_code: SheetCode,
        indicator_code: str | None,
        item_code: str | None = None,
        member_code: str | None = None,
    ) -> tuple[Worksheet, int]:
        """The row whose codes are these; codes not given do not matter, but a note has no indicator."""
        sheet = self.workbook[self.form.sheet(sheet_code).name]
        wanted = {"indicator_code": indicator_code} | {
            code: value for code, value in (("item_code", item_code), ("member_code", member_code)) if value
        }
        columns = {code: self._column(sheet_code, code) for code in wanted}
        for row in range(_ROWS_ABOVE + 1, sheet.max_row + 1):
            if all(sheet.cell(row, columns[code]).value == value for code, value in wanted.items()):
                return sheet, row
        raise LookupError(f"{sheet.title} has no row {wanted}")

    def _sign(self, filled_on: str) -> None:
        for code, value in (_SIGNATURE | {"filled_on": filled_on}).items():
            self._write_beside(self.workbook.worksheets[0], code, value)

    def _write_beside(self, sheet: Worksheet, code: str, value: str | float | None) -> None:
        """Write into the first cell right of a label that is not part of the label's own merged cells."""
        label = label_key(self.form.label(code))
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and label_key(cell.value) == label:
                    last = max(
                        (area.max_col for area in sheet.merged_cells.ranges if cell.coordinate in area),
                        default=cell.column,
                    )
                    sheet.cell(cell.row, last + 1).value = value
                    return
        raise LookupError(f"{sheet.title} has no label {self.form.label(code)}")


def _full_width(digits: str) -> str:
    return digits.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
