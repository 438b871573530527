"""The county's clocks. All of China keeps one time, and every moment is shown in it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

ZONE_NAME = "Asia/Shanghai"
ZONE = ZoneInfo(ZONE_NAME)


def county_time(moment: datetime) -> datetime:
    """The moment as the county's clocks show it: runs may be given theirs in any zone."""
    return moment.astimezone(ZONE)
