"""What is remembered of conditions from one look to the next, and what of it is news: pure, it writes nothing.

A condition is told once when it begins, once a day while it lasts, and once when it is mended. One that comes and goes
within a day is told with the daily ones only: what flaps must not fill a mailbox.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import AwareDatetime

from minsheng.core.codes import Cause
from minsheng.core.home import Installation
from minsheng.core.notes import Note, UnreadableError
from minsheng.watch.conditions import Condition, Observed
from minsheng.watch.silences import Silence, silenced

_DAY = timedelta(days=1)
# A look an hour; a stage that writes a large warehouse may be in the way of several.
_GRACE: dict[Cause, timedelta] = {"warehouse_busy": timedelta(hours=6)}


@dataclass(frozen=True)
class Alarm:
    """A condition and when it was last told of, also that it is mended: ``told_at`` null: nothing yet.

    ``mended_at`` null: it lasts.
    """

    condition: Condition
    raised_at: AwareDatetime
    told_at: AwareDatetime | None = None
    mended_at: AwareDatetime | None = None

    @property
    def alarm_id(self) -> str:
        """Of this time it was raised."""
        return hashlib.sha256(f"{self.condition.key} {self.raised_at.isoformat()}".encode()).hexdigest()[:16]

    @property
    def is_told(self) -> bool:
        """Whether people know of it since it was last raised."""
        return self.told_at is not None and self.told_at >= self.raised_at

    @property
    def is_mended_untold(self) -> bool:
        """Whether people know of it, and not yet that it is mended; also when the look that saw it was killed."""
        return self.is_told and bool(self.told_at and self.mended_at and self.told_at < self.mended_at)


@dataclass(frozen=True)
class News:
    """What is to be told: what has begun, what lasts and was not told for a day, what is mended."""

    fresh: tuple[Alarm, ...] = ()
    lasting: tuple[Alarm, ...] = ()
    mended: tuple[Alarm, ...] = ()

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """All of it."""
        return (*self.fresh, *self.lasting, *self.mended)

    def only(self, is_wanted: Callable[[Alarm], bool]) -> News:
        """A part of it."""
        fresh, lasting, mended = (tuple(filter(is_wanted, part)) for part in (self.fresh, self.lasting, self.mended))
        return News(fresh, lasting, mended)


_MEMORY = Note(tuple[Alarm, ...])


def remembered(installation: Installation) -> tuple[Alarm, ...]:
    """The alarms known so far; what cannot be read any more is none, for better told twice than never."""
    path = installation.watch / "alarms.json"
    try:
        return _MEMORY.read(path) if path.exists() else ()
    except UnreadableError:
        return ()


def written(alarms: Sequence[Alarm]) -> bytes:
    """The alarms as they are kept."""
    return _MEMORY.written(tuple(alarms))


def raised(known: Iterable[Alarm], found: Observed, now: datetime) -> tuple[Alarm, ...]:
    """The alarms after a look: those that began, last, or are mended; what was mended a day ago is forgotten."""
    before = {alarm.condition.key: alarm for alarm in known}
    standing = {condition.key: condition for condition in found.conditions}
    begun = [_begun_or_lasting(before.get(key), condition, now) for key, condition in standing.items()]
    gone = [_gone(alarm, found, now) for key, alarm in before.items() if key not in standing]
    return tuple(sorted((*begun, *filter(None, gone)), key=lambda alarm: alarm.condition.key))


def news(alarms: Sequence[Alarm], silences: Sequence[Silence], now: datetime) -> News:
    """What of the alarms is to be told now."""
    heard = [alarm for alarm in alarms if alarm.mended_at or not silenced(alarm.condition, silences, now)]
    lasting = [alarm for alarm in heard if alarm.mended_at is None]
    fresh = [alarm for alarm in lasting if alarm.told_at is None and now - alarm.raised_at >= _grace(alarm)]
    known = [alarm for alarm in lasting if alarm.told_at is not None]
    is_due = any(alarm.told_at and now - alarm.told_at >= _DAY for alarm in known)
    mended = [alarm for alarm in heard if alarm.is_mended_untold]
    return News(tuple(fresh), tuple(known) if is_due else (), tuple(mended))


def told(alarms: Iterable[Alarm], told_of: Iterable[Alarm], now: datetime) -> tuple[Alarm, ...]:
    """The alarms with what was told of some of them noted."""
    keys = {alarm.condition.key for alarm in told_of}
    return tuple(replace(alarm, told_at=now) if alarm.condition.key in keys else alarm for alarm in alarms)


def _begun_or_lasting(before: Alarm | None, condition: Condition, now: datetime) -> Alarm:
    if before is None:
        return Alarm(condition, now)
    if before.mended_at is None:
        return replace(before, condition=condition)
    return Alarm(condition, now, before.told_at)


def _gone(alarm: Alarm, found: Observed, now: datetime) -> Alarm | None:
    if alarm.mended_at is not None:
        return alarm if now - alarm.mended_at < _DAY else None
    return replace(alarm, mended_at=now) if found.is_known(alarm.condition) else alarm


def _grace(alarm: Alarm) -> timedelta:
    return _GRACE.get(alarm.condition.cause, timedelta(0))
