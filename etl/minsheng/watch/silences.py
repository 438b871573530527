"""Silences: what people know already and are not to be told again, for a reason and until a moment."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import AwareDatetime

from minsheng.core.codes import Cause
from minsheng.core.errors import DamagedError, UserError
from minsheng.core.files import atomic_write, locked, make_folder
from minsheng.core.home import Installation
from minsheng.core.notes import Note, UnreadableError
from minsheng.watch.conditions import Condition

LONGEST_DAYS = 31


@dataclass(frozen=True)
class Silence:
    """Of a cause nothing is told until a moment; ``county`` null: of any, ``about`` null: whatever it is about."""

    cause: Cause
    reason: str
    begins: AwareDatetime
    until: AwareDatetime
    county: str | None = None
    about: str | None = None

    def covers(self, condition: Condition, now: datetime) -> bool:
        """Whether nothing is to be told of a condition now."""
        is_meant = self.county in (None, condition.county) and self.about in (None, condition.about)
        return self.cause == condition.cause and is_meant and now < self.until


_SILENCES = Note(tuple[Silence, ...])


def silenced(condition: Condition, silences: Iterable[Silence], now: datetime) -> Silence | None:
    """The silence that covers a condition; None: it is told."""
    return next((one for one in silences if one.covers(condition, now)), None)


def silences_in_force(installation: Installation, now: datetime) -> tuple[Silence, ...]:
    """Those that have not ended; raises DamagedError when what was written down can no longer be read."""
    path = installation.watch / "silences.json"
    try:
        found = _SILENCES.read(path) if path.exists() else ()
    except UnreadableError as error:
        raise DamagedError("silences_damaged", path, reason=error) from error
    return tuple(one for one in found if now < one.until)


def heeded_silences(installation: Installation, now: datetime) -> tuple[Silence, ...]:
    """Those that have not ended; what cannot be read any more is none, for better told twice than never."""
    with suppress(DamagedError):
        return silences_in_force(installation, now)
    return ()


def keep_silent(installation: Installation, silence: Silence) -> None:
    """Note a silence; raises UserError for one without a reason, or that does not end within a month."""
    if not silence.reason.strip():
        raise UserError("silence_unfounded", "--reason")
    if not timedelta(0) < silence.until - silence.begins <= timedelta(days=LONGEST_DAYS):
        raise UserError("silence_endless", "--days", most=LONGEST_DAYS)
    make_folder(installation.watch)
    with locked(installation.watch):
        standing = silences_in_force(installation, silence.begins)
        atomic_write(installation.watch / "silences.json", _SILENCES.written((*standing, silence)))
