"""The figures a county begins with in the course of the year: what they may be, and what they say of a month."""

from __future__ import annotations

from collections.abc import Iterator

from minsheng.core.contracts import near
from minsheng.core.errors import UserError
from minsheng.plan.folder import Folder
from minsheng.plan.indicators import Indicator
from minsheng.plan.models import OpeningValue, Plan

Faults = Iterator[UserError]


def faults(plan: Plan, folder: Folder) -> Faults:
    """Figures of what the plan does not have, of another year, or of the wrong sort; and those said twice."""
    document = folder.opening.document
    indicators = {indicator.code: indicator for indicator in plan.indicators}
    for index, value in enumerate(plan.opening):
        if value.key in [other.key for other in plan.opening[:index]]:
            yield document.fault((index, "indicator"), "opening_twice", indicator=value.indicator)
        if int(value.period[:4]) != plan.year:
            yield document.fault((index, "period"), "month_outside_year", valid_from=value.period, year=plan.year)
        indicator = indicators.get(value.indicator)
        if indicator is None:
            hint = near(value.indicator, indicators)
            yield document.fault((index, "indicator"), "indicator_not_in_plan", code=value.indicator, near=hint)
            continue
        if wanted := _keys_wanted(value, indicator):
            yield document.fault((index,), "opening_unfit", wanted=wanted)
        if value.unit is not None and not _may_contribute(plan, indicator, value.unit):
            yield document.fault((index, "unit"), "opening_of_no_contributor", unit=value.unit)
        if value.member is not None and value.member not in _members(plan, indicator):
            yield document.fault((index, "member"), "opening_of_no_member", member=value.member)


def _keys_wanted(value: OpeningValue, indicator: Indicator) -> tuple[str, ...]:
    """The keys that have to stand in the entry, where others do."""
    of_member = ("member", "value") if indicator.is_per_member else ("value",)
    is_share = "numerator" in indicator.fields_owed and value.unit is None
    wanted = ("numerator", "denominator") if is_share else of_member
    said = {key for key in ("member", "value", "numerator", "denominator") if getattr(value, key) is not None}
    return () if said == set(wanted) else wanted


def _may_contribute(plan: Plan, indicator: Indicator, unit: str) -> bool:
    if not indicator.takes_contributions:
        return False
    return any(indicator in item.indicators and unit in item.supporting_units for item in plan.items)


def _members(plan: Plan, indicator: Indicator) -> set[str]:
    register = next((each for each in plan.registers if each.code == indicator.register_code), None)
    return {member.code for member in (register.members or () if register else ())}
