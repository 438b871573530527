"""A county as the watch sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from minsheng.core.clock import county_time
from minsheng.core.codes import Cause
from minsheng.core.home import Home
from minsheng.mail.contacts import Contacts
from minsheng.mail.senders import unit_name
from minsheng.plan.calendar import office_hours_between
from minsheng.plan.models import Plan
from minsheng.plan.run import Run
from minsheng.source.declared import DeclaredSource
from minsheng.watch.conditions import Condition
from minsheng.watch.marks import Marks


@dataclass(frozen=True)
class Grounds:
    """A county, by its plans in force, at the moment of the run.

    ``contacts`` null: none are named; ``sources``: those declared, none where the inbox is the source.
    """

    run: Run
    marks: Marks
    contacts: Contacts | None = None
    sources: tuple[DeclaredSource, ...] = ()

    @property
    def home(self) -> Home:
        """Where the county has everything."""
        return self.run.home

    @property
    def now(self) -> datetime:
        """The moment of the look."""
        return self.run.as_of

    @property
    def plan(self) -> Plan:
        """The plan that is reported on now."""
        return self.run.county.plan_at(county_time(self.now).date())

    def condition(self, cause: Cause, about: str, detail: str, period: str | None = None) -> Condition:
        """A condition of this county."""
        return Condition(cause, about, detail, self.home.county, period)

    def is_overdue(self, since: datetime) -> bool:
        """Whether more hours at work have passed since then than the mark allows."""
        return office_hours_between(self.plan, since, self.now) > self.marks.working_hours

    def unit(self, unit_code: str) -> str:
        """What a unit is called."""
        return unit_name(self.run, self.plan.plan_id, unit_code)
