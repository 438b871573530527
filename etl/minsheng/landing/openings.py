"""When each month was opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime

from minsheng.core.errors import DamagedError
from minsheng.core.files import atomic_write
from minsheng.core.home import Home
from minsheng.core.notes import Note, UnreadableError


@dataclass(frozen=True)
class Opening:
    """A month and the moment from which it could be reported."""

    period: str
    opened_at: AwareDatetime


_OPENING = Note(Opening)


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
    atomic_write(path, _OPENING.written(Opening(period, opened_at)))
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
        opening = _OPENING.read(path)
    except UnreadableError as error:
        raise DamagedError("opening_damaged", path, reason=error) from error
    if opening.period != path.stem:
        raise DamagedError("opening_damaged", path, reason="写的是另一个月")
    return opening
