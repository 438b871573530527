"""What stands in the tables of one unit's workbook, before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from minsheng.core.period import Period
from minsheng.plan.calendar import due_at
from minsheng.plan.form import Form, Sheet, asked_columns
from minsheng.plan.indicators import Indicator, Item
from minsheng.plan.models import Plan
from minsheng.plan.obligations import Obligation, obligations
from minsheng.plan.units import Register, Unit

Value = Decimal | str | None

_COMPARATOR_SIGN = {"ge": "≥", "gt": ">", "full_coverage": "", "gt_last_year": ""}


@dataclass(frozen=True)
class Task:
    """One unit's workbook of one month: whose, by which plan and form, and what was accepted before."""

    plan: Plan
    form: Form
    unit: Unit
    period: Period
    last_cumulative: Mapping[str, Decimal]

    @property
    def unit_name(self) -> str:
        """What the unit is called in the month: the last name it took."""
        return self.unit.name_on(self.period.last_day)

    @property
    def due_at(self) -> datetime:
        """The hour by which the workbook must be back."""
        return due_at(self.plan, self.period)

    @cached_property
    def owed(self) -> tuple[Obligation, ...]:
        """What this unit owes or may send this month."""
        return tuple(owed for owed in obligations(self.plan, self.period) if owed.unit_code == self.unit.code)

    @property
    def led(self) -> tuple[Indicator, ...]:
        """The indicators whose county total this unit reports."""
        return tuple(self.indicator(owed.indicator_code) for owed in self.owed if owed.role == "lead")

    @property
    def supported(self) -> tuple[Obligation, ...]:
        """The contributions and progress notes of this unit."""
        return tuple(owed for owed in self.owed if owed.role != "lead")

    def item(self, code: str) -> Item:
        """The item with this code; raises KeyError."""
        return {item.code: item for item in self.plan.items}[code]

    def indicator(self, code: str | None) -> Indicator:
        """The indicator with this code; raises KeyError."""
        return {indicator.code: indicator for indicator in self.plan.indicators}[code or ""]


@dataclass(frozen=True)
class FormLine:
    """One row of a table: values by column code, the columns it asks for, and how its numbers look."""

    values: Mapping[str, Value]
    asked: frozenset[str]
    number_format: str = "General"
    target_format: str = "General"
    is_whole: bool = True


def target_shown(indicator: Indicator, period: str) -> Decimal | str:
    """What stands in the target cell: the number in base units, or the plan's words where a number would mislead."""
    target = indicator.target_for(period)
    return target.as_written if target.value is None or indicator.is_per_member else target.value


def report_lines(task: Task) -> tuple[FormLine, ...]:
    """填报: one row per indicator whose county total the unit reports."""
    sheet = task.form.sheet("report")
    return tuple(_report_line(task, sheet, indicator) for indicator in task.led)


def contribution_lines(task: Task) -> tuple[FormLine, ...]:
    """配合事项: one row per contribution owed, and one per item on which a note may be sent."""
    sheet = task.form.sheet("contribution")
    return tuple(_contribution_line(task, sheet, owed) for owed in task.supported)


def detail_lines(task: Task) -> tuple[FormLine, ...]:
    """明细: one row per member of the register, for each indicator reported member by member."""
    sheet = task.form.sheet("detail")
    return tuple(line for indicator in task.led for line in _member_lines(task.plan, sheet, indicator))


def _report_line(task: Task, sheet: Sheet, indicator: Indicator) -> FormLine:
    values = _indicator_values(indicator) | {
        "target": target_shown(indicator, str(task.period)),
        "last_cumulative": _last_cumulative(task, indicator),
    }
    if indicator.fixed_denominator:
        values["denominator"] = indicator.fixed_denominator.value
    asked = asked_columns(sheet, indicator) - ({"denominator"} if indicator.fixed_denominator else set())
    return _line(indicator, values, asked)


def _contribution_line(task: Task, sheet: Sheet, owed: Obligation) -> FormLine:
    item: dict[str, Value] = {"item_code": owed.item_code, "item_name": task.item(owed.item_code).name}
    if owed.indicator_code is None:
        return FormLine(item, asked_columns(sheet, None))
    indicator = task.indicator(owed.indicator_code)
    return _line(indicator, item | _indicator_values(indicator), asked_columns(sheet, indicator))


def _member_lines(plan: Plan, sheet: Sheet, indicator: Indicator) -> Iterator[FormLine]:
    for member in _register(plan, indicator).members or () if indicator.is_per_member else ():
        values = _indicator_values(indicator) | {
            "member_code": member.code,
            "member_name": member.name,
            "unit_of_measure": _counted_in(indicator),
        }
        yield _line(indicator, values, asked_columns(sheet, indicator))


def _register(plan: Plan, indicator: Indicator) -> Register:
    return plan.register(indicator.register_code or "")


def _counted_in(indicator: Indicator) -> str:
    """The unit of one member's row: a share of members is counted in facilities (处)."""
    return "处" if indicator.unit_of_measure == "%" else indicator.unit_of_measure


def _indicator_values(indicator: Indicator) -> dict[str, Value]:
    return {
        "indicator_code": indicator.code,
        "indicator_name": indicator.name,
        "unit_of_measure": indicator.unit_of_measure,
    }


def _last_cumulative(task: Task, indicator: Indicator) -> Decimal | None:
    """What was accepted up to last month; in January a count starts from 0."""
    if "cumulative" not in indicator.fields_owed:
        return None
    starts_at = Decimal(0) if task.period.month == 1 and "month" in indicator.fields_owed else None
    return task.last_cumulative.get(indicator.code, starts_at)


def _line(indicator: Indicator, values: Mapping[str, Value], asked: frozenset[str]) -> FormLine:
    number_format = "#,##0" if indicator.value_type == "integer" else "#,##0.0##"
    sign = f'"{_COMPARATOR_SIGN[indicator.comparator]}"'
    target_format = f"{sign}0%" if indicator.unit_of_measure == "%" else f"{sign}{number_format}"
    return FormLine(values, asked, number_format, target_format, indicator.value_type == "integer")
