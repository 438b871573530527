"""The forms of a month: what they have in common, and what one unit owes in its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from minsheng.core.declarations import FORMS
from minsheng.core.period import Period
from minsheng.plan.calendar import due_at
from minsheng.plan.form import Form, form_for
from minsheng.plan.indicators import Indicator, Item
from minsheng.plan.models import Plan
from minsheng.plan.obligations import Obligation, obligations
from minsheng.plan.units import Unit
from minsheng.words.letters import shipped


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
