"""The county's clocks. All of China keeps one time, and every moment is shown in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from minsheng.core.errors import UserError

ZONE_NAME = "Asia/Shanghai"
ZONE = ZoneInfo(ZONE_NAME)

# A home is written every working hour, and no plan is older than a year and its last reports.
_LONGEST_PAUSE = timedelta(days=400)
# Clocks of two machines, or of one before and after it asked what time it is, may differ; not by an hour.
_TOLERANCE = timedelta(hours=1)
_SYSTEM_CLOCK = "系统时钟"


def county_time(moment: datetime) -> datetime:
    """The moment as the county's clocks show it: runs may be given theirs in any zone."""
    return moment.astimezone(ZONE)


def require_past(where: str, moment: datetime, now: datetime) -> datetime:
    """A moment that may be a run's; raises UserError for one still to come.

    What it called late or missing would stay so: the marts' clock never goes back.
    """
    if moment > now:
        raise UserError("moment_to_come", where, moment=_shown(moment), now=_shown(now))
    return moment


def require_steady(now: datetime, written: datetime | None) -> None:
    """Raises UserError when the system clock has jumped since a home was last ``written`` (null: never).

    By a wrong clock punctual reports are late, or late ones punctual, and a moment far ahead stays for ever.
    """
    if written is None:
        return
    if now < written - _TOLERANCE:
        raise UserError("clock_gone_back", _SYSTEM_CLOCK, now=_shown(now), written=_shown(written))
    if now > written + _LONGEST_PAUSE:
        raise UserError("clock_jumped_ahead", _SYSTEM_CLOCK, now=_shown(now), written=_shown(written))


def require_near(where: str, moment: datetime, newest: datetime, what: str) -> None:
    """Raises UserError when ``what`` happened long after the moment of a run: one of the two is wrong."""
    if newest > moment + _LONGEST_PAUSE:
        raise UserError("moment_far_back", where, moment=_shown(moment), what=what, newest=_shown(newest))


def _shown(moment: datetime) -> str:
    return f"{county_time(moment):%Y-%m-%d %H:%M}"
