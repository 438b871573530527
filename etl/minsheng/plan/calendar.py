"""Working days, and when a month's reports are due and frozen."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from minsheng.core.errors import UserError
from minsheng.core.period import Period
from minsheng.plan.models import Calendar, Plan

_ONE_DAY = timedelta(days=1)
# When a letter that is not urgent may be written.
_OFFICE_OPENS, _OFFICE_CLOSES = time(8), time(18)
# On the evening of a due day, or of a freeze, those who watch over it are at work.
EVENING = time(21)


def periods(plan: Plan) -> tuple[Period, ...]:
    """The twelve reporting months of the plan year."""
    return tuple(Period(plan.year, month) for month in range(1, 13))


def require_in_plan(plan: Plan, period: Period) -> None:
    """Raises UserError for a month the plan says nothing about."""
    known = periods(plan)
    if period not in known:
        raise UserError(
            "period_outside_plan", "报送期", period=period, plan=plan.plan_id, first=known[0], last=known[-1]
        )


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Neither holiday nor ordinary weekend; raises UserError for a day the calendar does not cover."""
    if not calendar.covers_from <= day <= calendar.covers_to:
        raise UserError(
            "day_not_covered", "calendar.yaml", day=day, first=calendar.covers_from, last=calendar.covers_to
        )
    if any(holiday.first_day <= day <= holiday.last_day for holiday in calendar.holidays):
        return False
    return day.isoweekday() <= 5 or day in calendar.working_weekends


def due_at(plan: Plan, period: Period) -> datetime:
    """The hour by which the reports for a month must have arrived, in the county's time zone."""
    return _at_due_hour(plan, _due_day(plan, period))


def freeze_at(plan: Plan, period: Period) -> datetime:
    """The hour after which the month's bulletin no longer changes, in the county's time zone."""
    day = _due_day(plan, period)
    for _ in range(plan.due.freeze_working_days):
        day = _first_working_day(plan.calendar, day + _ONE_DAY)
    return _at_due_hour(plan, day)


def working_day(plan: Plan, period: Period, days: int) -> date:
    """The day so many working days after (or before) the due day of a month; raises UserError beyond the calendar."""
    day, step = _due_day(plan, period), _ONE_DAY if days > 0 else -_ONE_DAY
    for _ in range(abs(days)):
        day += step
        while not is_working_day(plan.calendar, day):
            day += step
    return day


def working_days_between(plan: Plan, first: date, last: date) -> int:
    """How many working days lie after one day, up to and with another."""
    days = ((first + _ONE_DAY * number) for number in range(1, (last - first).days + 1))
    return sum(is_working_day(plan.calendar, day) for day in days)


def office_hours_between(plan: Plan, since: datetime, until: datetime) -> float:
    """How many hours people were at work between two moments; beyond the calendar every weekday is a working day."""
    zone = ZoneInfo(plan.timezone)
    first, last = since.astimezone(zone), until.astimezone(zone)
    days = (first.date() + _ONE_DAY * number for number in range((last.date() - first.date()).days + 1))
    opened = (
        (datetime.combine(day, _OFFICE_OPENS, zone), datetime.combine(day, _OFFICE_CLOSES, zone))
        for day in days
        if _is_at_work(plan.calendar, day)
    )
    spans = (min(closes, last) - max(opens, first) for opens, closes in opened)
    return sum(span.total_seconds() for span in spans if span > timedelta(0)) / 3600


def is_office_hour(plan: Plan, moment: datetime, until: time = _OFFICE_CLOSES) -> bool:
    """Whether people are at work at a moment, by a plan whose calendar may be over; some are ``until`` later."""
    here = moment.astimezone(ZoneInfo(plan.timezone))
    if not plan.calendar.covers_from <= here.date() <= plan.calendar.covers_to:
        return False
    return is_working_day(plan.calendar, here.date()) and _OFFICE_OPENS <= here.time() <= until


def _is_at_work(calendar: Calendar, day: date) -> bool:
    is_covered = calendar.covers_from <= day <= calendar.covers_to
    return is_working_day(calendar, day) if is_covered else day.isoweekday() <= 5


def _due_day(plan: Plan, period: Period) -> date:
    day = period.next.first_day.replace(day=plan.due.day)
    return day if plan.due.roll == "none" else _first_working_day(plan.calendar, day)


def _first_working_day(calendar: Calendar, day: date) -> date:
    while not is_working_day(calendar, day):
        day += _ONE_DAY
    return day


def _at_due_hour(plan: Plan, day: date) -> datetime:
    return datetime.combine(day, plan.due.hour, ZoneInfo(plan.timezone))
