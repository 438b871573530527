"""Who owes what for a month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from minsheng.core.codes import Role
from minsheng.core.period import Period
from minsheng.plan.indicators import Item
from minsheng.plan.models import Plan
from minsheng.plan.units import Unit


@dataclass(frozen=True)
class Obligation:
    """One row a unit owes, or may send: ``indicator_code`` is null for a progress note on the whole item."""

    unit_code: str
    role: Role
    item_code: str
    indicator_code: str | None
    is_required: bool


def obligations(plan: Plan, period: Period) -> tuple[Obligation, ...]:
    """What the units of the month owe, in the plan's order: leads of an item, then its supporters.

    What a unit that has ceased owed is owed by its successor, each thing once, from the month on in which it takes
    over: what a month comes to is known only to who is there at its end.
    """
    heirs = {unit.code: _heir(plan, unit, period) for unit in plan.units}
    followed = [
        owed if heir == owed.unit_code else replace(owed, unit_code=heir)
        for item in plan.at(str(period)).items
        for owed in _of_item(item)
        if (heir := heirs[owed.unit_code]) is not None
    ]
    leads = {(owed.item_code, owed.unit_code) for owed in followed if owed.role == "lead"}
    return tuple(
        dict.fromkeys(owed for owed in followed if owed.role == "lead" or (owed.item_code, owed.unit_code) not in leads)
    )


def following(plan: Plan, period: Period, asked: Sequence[Obligation]) -> tuple[Obligation, ...]:
    """What a month owes of which this was ``asked`` when an earlier edition opened it, of whom the plan now names.

    Leads are the plan's. What else was asked stays, unless a unit it was asked of has ceased since: then all is owed as
    the plan says.
    """
    owed = obligations(plan, period)
    others = tuple(each for each in asked if each.role != "lead")
    if {each.unit_code for each in others} <= {each.unit_code for each in owed}:
        return (*(each for each in owed if each.role == "lead"), *others)
    return owed


def speaks_for(plan: Plan, sender_code: str, stated_code: str | None, day: date) -> str:
    """Whose report it is that a unit sends: its own, or that of a unit it has succeeded by then and names in it."""
    stated = next((unit for unit in plan.units if unit.code == stated_code), None)
    if stated is None or stated.valid_to is None or stated.valid_to >= day:
        return sender_code
    heirs = {unit.code for unit in line_of_succession(plan, stated)}
    return stated.code if sender_code in heirs else sender_code


def line_of_succession(plan: Plan, unit: Unit) -> Iterator[Unit]:
    """The unit, its successor, that one's successor and so on; each once, even where a faulty plan goes in a circle."""
    yield unit
    if unit.successor is None:
        return
    units = {each.code: each for each in plan.units}
    line = [unit]
    while (following := units.get(line[-1].successor or "")) is not None and following not in line:
        line.append(following)
        yield following


def _heir(plan: Plan, unit: Unit, period: Period) -> str | None:
    """Who owes in the month what the plan asks of this unit; null: nobody yet, or nobody any more."""
    if unit.valid_from > period.last_day:
        return None
    line = tuple(line_of_succession(plan, unit))
    for day in (period.last_day, period.first_day):  # who has no successor owes to the month in which it ceases
        if heir := next((each.code for each in line if _exists_by(each, period, day)), None):
            return heir
    return None


def _exists_by(unit: Unit, period: Period, day: date) -> bool:
    return unit.valid_from <= period.last_day and (unit.valid_to or date.max) >= day


def _of_item(item: Item) -> Iterator[Obligation]:
    for indicator in item.indicators:
        yield Obligation(indicator.lead_unit, "lead", item.code, indicator.code, is_required=True)
    for unit_code in item.supporting_units:
        yield from _of_supporter(item, unit_code)


def _of_supporter(item: Item, unit_code: str) -> Iterator[Obligation]:
    if not item.takes_contributions:
        yield Obligation(unit_code, "note", item.code, None, is_required=False)
        return
    for indicator in item.indicators:
        if indicator.takes_contributions:
            yield Obligation(unit_code, "contribution", item.code, indicator.code, is_required=True)
