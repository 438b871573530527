"""What stands in the tables of one unit's workbook, before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from minsheng.core.declarations import FORMS
from minsheng.core.period import Period
from minsheng.plan.calendar import due_at
from minsheng.plan.form import Form, Sheet, asked_columns, form_for
from minsheng.plan.indicators import Indicator, Item
from minsheng.plan.models import Plan
from minsheng.plan.obligations import Obligation, obligations
from minsheng.plan.units import Register, Unit
from minsheng.words.letters import shipped

Value = Decimal | str | None

_COMPARATOR_SIGN = {"ge": "≥", "gt": ">", "full_coverage": "", "gt_last_year": ""}


@dataclass(frozen=True)
class Earlier:
    """What was accepted last for an earlier month of the year, as forms show it, and who was given longer.

    ``totals`` and ``shares`` (numerator, denominator) by indicator; ``contributions`` by unit and indicator; ``due``:
    the later hour of a unit by its code.
    """

    totals: Mapping[str, Decimal] = field(default_factory=dict)
    shares: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    contributions: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    due: Mapping[str, datetime] = field(default_factory=dict)


def begun_with(plan: Plan, period: str) -> Earlier:
    """What the plan says had been reached when its county began, for a month after that."""
    known = [value for value in plan.opening if value.period < period and value.member is None]
    total = {value.key: value.value for value in known if value.value is not None}
    shares = {
        value.indicator: (value.numerator, value.denominator)
        for value in known
        if value.numerator is not None and value.denominator is not None
    }
    return Earlier(
        {code: value for (code, unit, _), value in total.items() if unit is None},
        shares,
        {(unit, code): value for (code, unit, _), value in total.items() if unit is not None},
    )


@dataclass(frozen=True)
class MonthForms:
    """What the forms of a month have in common: the plan as it is then, the form in force, what was accepted before.

    ``how_to_send``: where the form goes when it is filled in, a sentence.
    """

    plan: Plan
    form: Form
    period: Period
    earlier: Earlier
    how_to_send: str

    @cached_property
    def duties(self) -> Mapping[str, tuple[Obligation, ...]]:
        """What each unit owes or may send, by its code."""
        owed: dict[str, tuple[Obligation, ...]] = {}
        for each in obligations(self.plan, self.period):
            owed[each.unit_code] = (*owed.get(each.unit_code, ()), each)
        return owed

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """The items by their codes."""
        return {item.code: item for item in self.plan.items}

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """The indicators by their codes."""
        return {indicator.code: indicator for indicator in self.plan.indicators}

    def due_of(self, unit_code: str) -> datetime:
        """The hour by which a unit's form must be back: the month's, or a later one it was given."""
        due = due_at(self.plan, self.period)
        return max(due, self.earlier.due.get(unit_code, due))


def month_forms(
    plan: Plan, period: str, earlier: Earlier | None = None, how_to_send: str | None = None, form: Form | None = None
) -> MonthForms:
    """The forms of a month (YYYY-MM); raises UserError when no form is in force.

    Nothing accepted before, the shipped words and the form of the month stand in for what is not given.
    """
    sending = how_to_send or shipped().common.form_how_to_send
    in_force = form or form_for(FORMS, period)
    return MonthForms(plan.at(period), in_force, Period.parse(period), earlier or Earlier(), sending)


@dataclass(frozen=True)
class Task:
    """One unit's workbook of one month."""

    month: MonthForms
    unit: Unit

    @property
    def form(self) -> Form:
        """The form in force in the month."""
        return self.month.form

    @property
    def period(self) -> Period:
        """The month that is reported."""
        return self.month.period

    @property
    def unit_name(self) -> str:
        """What the unit is called in the month: the last name it took."""
        return self.unit.name_on(self.period.last_day)

    @property
    def owed(self) -> tuple[Obligation, ...]:
        """What this unit owes or may send this month."""
        return self.month.duties.get(self.unit.code, ())

    @property
    def led(self) -> tuple[Indicator, ...]:
        """The indicators whose county total this unit reports."""
        return tuple(self.indicator(owed.indicator_code) for owed in self.owed if owed.role == "lead")

    @property
    def supported(self) -> tuple[Obligation, ...]:
        """The contributions and progress notes of this unit."""
        return tuple(owed for owed in self.owed if owed.role != "lead")

    def indicator(self, code: str | None) -> Indicator:
        """The indicator with this code; raises KeyError."""
        return self.month.indicators[code or ""]


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
