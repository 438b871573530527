"""Mails put off: how often, since when, and before when they are not tried again.

The note lies beside the mail as ``<mail_id>.wait.json``, so that a run that meets a mail put off leaves it to a later
one instead of waiting, and holds up nobody.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from minsheng.core.files import atomic_write, sync_folder

# Between two tries; doubled after each, for a mailbox that is full for days is not asked every ten minutes.
_FIRST_PAUSE = timedelta(minutes=10)
_LONGEST_PAUSE = timedelta(hours=4)
# A mail that has waited so long is worth a person's look: greylists and limits per hour are over by then.
_LONG = timedelta(hours=6)


@dataclass(frozen=True)
class Wait:
    """A mail that has been put off ``tries`` times, first ``since``; ``words`` is what was said last."""

    tries: int
    since: datetime
    not_before: datetime
    words: str

    def is_long(self, now: datetime) -> bool:
        """Whether it has waited long enough to be told as a fault."""
        return now - self.since >= _LONG


_NOTE = TypeAdapter(Wait)


def wait_of(eml: Path) -> Wait | None:
    """Why a mail waits; None: it has not been put off, or what was noted of it cannot be read."""
    try:
        return _NOTE.validate_json(_path(eml).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def is_due(eml: Path, now: datetime) -> bool:
    """Whether a mail may be tried."""
    wait = wait_of(eml)
    return wait is None or wait.not_before <= now


def put_off(eml: Path, words: str, now: datetime) -> Wait:
    """Note that a mail could not go, and when it may be tried again."""
    before = wait_of(eml)
    tries = before.tries + 1 if before else 1
    pause = min(_FIRST_PAUSE * 2 ** min(tries - 1, 10), _LONGEST_PAUSE)
    wait = Wait(tries, before.since if before else now, now + pause, words)
    atomic_write(_path(eml), _NOTE.dump_json(wait))
    return wait


def forget_wait(eml: Path) -> None:
    """Take the note away: the mail is done with, or may be tried at once."""
    with suppress(FileNotFoundError):
        if (note := _path(eml)).exists():
            note.unlink()
            sync_folder(note.parent)


def tries(eml: Path) -> int:
    """How often a mail has been put off."""
    wait = wait_of(eml)
    return wait.tries if wait else 0


def _path(eml: Path) -> Path:
    return eml.with_suffix(".wait.json")
