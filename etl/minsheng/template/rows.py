"""What stands in the tables of one unit's workbook, before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from minsheng.plan.form import Sheet, asked_columns
from minsheng.plan.indicators import Indicator
from minsheng.plan.models import Plan
from minsheng.plan.obligations import Obligation
from minsheng.plan.units import Register
from minsheng.template.month import Task

Value = Decimal | str | None

_COMPARATOR_SIGN = {"ge": "≥", "gt": ">", "full_coverage": "", "gt_last_year": ""}


@dataclass(frozen=True)
class FormLine:
    """One row of a table: values by column code, the columns it asks for, and how its numbers look."""

    values: Mapping[str, Value]
    asked: frozenset[str]
    number_format: str = "General"
    target_format: str = "General"
    is_whole: bool = True

    @property
    def is_ratio(self) -> bool:
        """Whether a numerator is asked for."""
        return "numerator" in self.asked


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
    return tuple(line for indicator in task.led for line in _member_lines(task.month.plan, sheet, indicator))


def _report_line(task: Task, sheet: Sheet, indicator: Indicator) -> FormLine:
    values = _indicator_values(indicator) | {
        "target": target_shown(indicator, str(task.period)),
        "last_cumulative": _last_total(task, indicator, task.month.earlier.totals.get(indicator.code)),
        **_share_values(task, indicator),
    }
    if indicator.fixed_denominator:
        values["denominator"] = indicator.fixed_denominator.value
    asked = asked_columns(sheet, indicator) - ({"denominator"} if indicator.fixed_denominator else set())
    return _line(indicator, values, asked)


def _contribution_line(task: Task, sheet: Sheet, owed: Obligation) -> FormLine:
    item: dict[str, Value] = {"item_code": owed.item_code, "item_name": task.month.items[owed.item_code].name}
    if owed.indicator_code is None:
        return FormLine(item, asked_columns(sheet, None))
    indicator = task.indicator(owed.indicator_code)
    last = task.month.earlier.contributions.get((task.unit.code, indicator.code))
    item["last_cumulative"] = _last_total(task, indicator, last)
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


def _share_values(task: Task, indicator: Indicator) -> dict[str, Value]:
    """Of a ratio that is not told by places: what its two numbers count, and what they were last."""
    if "numerator" not in indicator.fields_owed or indicator.is_per_member:
        return {}
    numerator, denominator = task.month.earlier.shares.get(indicator.code, (None, None))
    return {
        "counted": f"分子：{indicator.numerator}\n分母：{indicator.denominator}",
        "last_numerator": numerator,
        "last_denominator": denominator,
    }


def _last_total(task: Task, indicator: Indicator, last: Decimal | None) -> Decimal | None:
    """What was accepted up to last month; in January a count starts from 0."""
    if "cumulative" not in indicator.fields_owed or last is not None:
        return last
    return Decimal(0) if task.period.month == 1 and "month" in indicator.fields_owed else None


def _line(indicator: Indicator, values: Mapping[str, Value], asked: frozenset[str]) -> FormLine:
    number_format = "#,##0" if indicator.value_type == "integer" else "#,##0.0##"
    sign = f'"{_COMPARATOR_SIGN[indicator.comparator]}"'
    target_format = f"{sign}0%" if indicator.unit_of_measure == "%" else f"{sign}{number_format}"
    return FormLine(values, asked, number_format, target_format, indicator.value_type == "integer")
