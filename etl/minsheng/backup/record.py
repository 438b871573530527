"""Which backup was made last: written beside the homes, for whoever watches over them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from minsheng.core.errors import DamagedError
from minsheng.core.files import atomic_write
from minsheng.core.home import Installation
from minsheng.core.notes import Note, UnreadableError


@dataclass(frozen=True)
class LastBackup:
    """A backup that was read back and found whole: as of when, where, and how much is in it (``size`` in bytes)."""

    made_at: datetime
    folder: str
    files: int
    size: int


_NOTE = Note(LastBackup)


def last_backup(installation: Installation) -> LastBackup | None:
    """The newest backup that was ever made and found whole; None: there was none.

    Raises DamagedError when what was written down can no longer be read.
    """
    if not installation.last_backup.exists():
        return None
    try:
        return _NOTE.read(installation.last_backup)
    except UnreadableError as error:
        raise DamagedError("backup_record_damaged", installation.last_backup, reason=error) from error


def remember_backup(installation: Installation, backup: LastBackup) -> None:
    """Write down a backup that was found whole."""
    atomic_write(installation.last_backup, _NOTE.written(backup))
