"""What cannot be in a calendar: days that are no days off, and due days that nobody can tell."""

from __future__ import annotations

from collections.abc import Iterator

from minsheng.core.clock import ZONE_NAME
from minsheng.core.contracts import Document
from minsheng.core.errors import UserError
from minsheng.plan.calendar import due_at, freeze_at, periods
from minsheng.plan.folder import Folder
from minsheng.plan.models import Calendar, CalendarFile, Plan

Faults = Iterator[UserError]


def calendar_faults(plan: Plan, folder: Folder) -> Faults:
    """What is wrong with the plan's own days, with those of the nation it takes over, and with how far they reach."""
    yield from _day_faults(plan, folder.calendar.value, folder.calendar.document)
    for part in folder.national:
        yield from _day_faults(plan, part.value, part.document)
    yield from _unknown_years(folder.calendar.value, folder.calendar.document)
    if plan.timezone == ZONE_NAME:
        yield from _uncovered_due_days(plan, folder.calendar.document)


def _day_faults(plan: Plan, calendar: Calendar | CalendarFile, document: Document) -> Faults:
    for index, holiday in enumerate(calendar.holidays):
        if holiday.first_day > holiday.last_day:
            yield document.fault(("holidays", index), "holiday_reversed", name=holiday.name)
    for index, day in enumerate(calendar.working_weekends):
        if day.isoweekday() <= 5:
            yield document.fault(("working_weekends", index), "weekend_is_weekday", day=day)
        if any(holiday.first_day <= day <= holiday.last_day for holiday in plan.calendar.holidays):
            yield document.fault(("working_weekends", index), "weekend_is_holiday", day=day)


def _unknown_years(own: CalendarFile, document: Document) -> Faults:
    """A year that is taken over from nowhere would be one without a holiday."""
    told = {*own.national, *(holiday.last_day.year for holiday in own.holidays)}
    for year in range(own.covers_from.year, own.covers_to.year + 1):
        if own.national and year not in told:
            yield document.fault(("national",), "calendar_year_missing", year=year)


def _uncovered_due_days(plan: Plan, document: Document) -> Faults:
    for period in periods(plan):
        try:
            due_at(plan, period)
            freeze_at(plan, period)
        except UserError as error:
            reason, remedy = error.problem, error.remedy
            yield document.fault(("covers_to",), "due_day_unknown", period=period, reason=reason, remedy=remedy)
            return
