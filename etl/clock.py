"""The county's clocks. All of China keeps one time, and every moment is shown in it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from etl.errors import UserError

ZONE_NAME = "Asia/Shanghai"
ZONE = ZoneInfo(ZONE_NAME)


def county_time(moment: datetime) -> datetime:
    """The moment as the county's clocks show it: runs may be given theirs in any zone."""
    return moment.astimezone(ZONE)


def require_past(where: str, moment: datetime, now: datetime) -> datetime:
    """A moment that may be a run's; raises UserError for one still to come.

    What it called late or missing would stay so: the marts' clock never goes back.
    """
    if moment > now:
        problem = f"{county_time(moment):%Y-%m-%d %H:%M} is still to come, now is {county_time(now):%Y-%m-%d %H:%M}"
        raise UserError(where, problem, "give a moment that has passed, or none")
    return moment
