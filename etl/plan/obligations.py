"""Who owes what for a month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from etl.period import Period
from etl.plan.models import Item, Plan, Unit


@dataclass(frozen=True)
class Obligation:
    """One row a unit owes, or may send: ``indicator_code`` is null for a progress note on the whole item."""

    unit_code: str
    role: Literal["lead", "contribution", "note"]
    item_code: str
    indicator_code: str | None
    is_required: bool


def obligations(plan: Plan, period: Period) -> tuple[Obligation, ...]:
    """What the units that exist in the month owe, in the plan's order: leads of an item, then its supporters."""
    existing = {unit.code for unit in plan.units if _exists_in(unit, period)}
    return tuple(owed for item in plan.items for owed in _of_item(item) if owed.unit_code in existing)


def _exists_in(unit: Unit, period: Period) -> bool:
    return unit.valid_from < period.next.first_day and (unit.valid_to or date.max) >= period.first_day


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
