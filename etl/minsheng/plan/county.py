"""A county: its plans, one a year, and which of them a month belongs to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from minsheng.core.counties import county_of, plan_folders
from minsheng.core.errors import UserError
from minsheng.core.period import Period
from minsheng.plan.loader import load_named_plan
from minsheng.plan.models import Plan


@dataclass(frozen=True)
class County:
    """A county by its plans, one a year, oldest first; there is at least one."""

    plans: tuple[Plan, ...]

    @property
    def name(self) -> str:
        """What its folders are called: ``lushan`` of ``lushan-2022``."""
        return county_of(self.plans[0].plan_id)

    @property
    def title(self) -> str:
        """What people call it, by its latest plan."""
        return self.plans[-1].county_name

    @property
    def plan_ids(self) -> list[str]:
        """The ids of its plans, oldest first."""
        return [plan.plan_id for plan in self.plans]

    @property
    def unit_codes(self) -> frozenset[str]:
        """The codes of all units of all years."""
        return frozenset(unit.code for plan in self.plans for unit in plan.units)

    def plan(self, plan_id: str) -> Plan:
        """The plan with this id; raises KeyError."""
        return {plan.plan_id: plan for plan in self.plans}[plan_id]

    def plan_of(self, period: Period) -> Plan | None:
        """The plan a month belongs to; None: it is of a year without one."""
        return next((plan for plan in self.plans if plan.year == period.year), None)

    def require_plan_of(self, period: Period) -> Plan:
        """The same; raises UserError for a month of a year without a plan."""
        if found := self.plan_of(period):
            return found
        years = [plan.year for plan in self.plans]
        raise UserError("period_outside_plans", "报送期", period=period, plans=self.plan_ids, years=years)

    def plan_at(self, day: date) -> Plan:
        """The plan that is reported on at a day, which is for the month before; the nearest where there is none."""
        reported = day.replace(day=1) - timedelta(days=1)
        return min(self.plans, key=lambda plan: abs(plan.year - reported.year))


def as_county(plans: Iterable[Plan]) -> County:
    """Plans as one county's; raises UserError when they are of several, or two of them of one year."""
    ordered = sorted(plans, key=lambda plan: plan.year)
    years = Counter(plan.year for plan in ordered)
    if twice := [str(year) for year, count in years.items() if count > 1]:
        ids = [plan.plan_id for plan in ordered]
        raise UserError("plans_of_one_year", "方案", plans=ids, years=twice)
    names = sorted({county_of(plan.plan_id) for plan in ordered})
    codes = sorted({plan.county_code for plan in ordered})
    if len(names) != 1 or len(codes) != 1:
        raise UserError("plans_of_several_counties", "方案", names=names, codes=codes)
    return County(tuple(ordered))


def load_county(folder: Path, name: str) -> County:
    """A county by all of its plans in a folder of plans; raises UserError when one of them cannot be used."""
    return as_county(load_named_plan(folder / plan_id) for plan_id in plan_folders(folder).get(name, ()))
