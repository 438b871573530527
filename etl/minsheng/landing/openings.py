"""When each month was opened."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from minsheng.core.errors import DamagedError
from minsheng.core.files import atomic_write
from minsheng.core.home import Home

_REMEDY = "open the month again: the warehouse knows since when it is open; without it, restore it from the backup"


@dataclass(frozen=True)
class Opening:
    """A month and the moment from which it could be reported."""

    period: str
    opened_at: datetime


def record_opening(home: Home, plan_id: str, period: str, opened_at: datetime, *, is_known: bool = False) -> datetime:
    """Note when a month was opened; gives back the moment that counts: the first one noted.

    ``is_known``: the moment is the one that counts, and a note that is damaged is written again. Else raises
    DamagedError for one.
    """
    path = home.landing / plan_id / "openings" / f"{period}.json"
    try:
        if path.exists():
            return read_opening(path).opened_at
    except DamagedError:
        if not is_known:
            raise
    text = json.dumps({"period": period, "opened_at": opened_at.isoformat()})
    atomic_write(path, text.encode())
    return opened_at


def openings(home: Home, plan_id: str) -> list[Opening]:
    """Every month opened for a plan, in order; raises DamagedError when one of them can no longer be read."""
    return [read_opening(path) for path in opening_files(home, plan_id)]


def opening_files(home: Home, plan_id: str) -> list[Path]:
    """Where the openings of a plan lie."""
    return sorted((home.landing / plan_id / "openings").glob("*.json"))


def read_opening(path: Path) -> Opening:
    """One opening; raises DamagedError when it can no longer be read."""
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        opening = Opening(fields["period"], datetime.fromisoformat(fields["opened_at"]))
        if opening.period != path.stem or opening.opened_at.tzinfo is None:
            raise ValueError("it speaks of another month, or of a moment without a zone")
        return opening
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DamagedError(str(path), f"not an opening ({error})", _REMEDY) from error
