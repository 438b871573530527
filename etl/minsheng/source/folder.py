"""The inbox as a folder, ``INBOX/<unit_code>/<anything>``: what lies in it, with its sender and its name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from minsheng.core.errors import BusyError, UserError
from minsheng.core.outcome import Outcome
from minsheng.source.delivery import Noticed
from minsheng.source.entries import MAX_ENTRIES, FolderEntry
from minsheng.source.folder_file import FolderDelivery
from minsheng.source.folder_walk import SenderWalk, folder_entries
from minsheng.source.local import Leaving, LocalStore
from minsheng.source.memory import Memory
from minsheng.source.putting_away import KEPT, Away
from minsheng.source.senders import BY_FOLDER, Senders, parted


@dataclass(frozen=True)
class Inbox:
    """An opened folder: the folders of its senders, and what lies beside them.

    ``by``: who the senders are; ``source``: what is shown before every file, where several are pulled.
    """

    descriptor: int
    folders: tuple[FolderEntry, ...]
    strays: tuple[Outcome, ...]
    leaving: Leaving
    by: Senders = BY_FOLDER
    source: str = ""

    @property
    def noticed(self) -> Noticed:
        """Nothing."""
        return Noticed()

    @property
    def senders(self) -> tuple[str, ...] | None:
        """The codes of the senders' folders; null: all of it is one unit's."""
        return None if self.by.unit else tuple(self.by.code(folder.name) for folder in self.folders)

    def deliveries(self) -> Iterator[FolderDelivery | Outcome]:
        """Everything below the senders' folders in a fixed order: files to be taken, and why others are not."""
        if self.by.unit:
            yield from SenderWalk(self.by.unit, self.source).walk_all(self.descriptor, self.leaving)
        for folder in self.folders:
            walk = SenderWalk(self.by.code(folder.name), self.source)
            yield from walk.walk(self.descriptor, folder, self.leaving)


@dataclass(frozen=True)
class FolderSource:
    """A folder of this machine, or mounted on it. Without a ``label`` it is the inbox, and the only source."""

    path: Path
    label: str = ""
    by: Senders = BY_FOLDER
    away: Away = KEPT

    @property
    def name(self) -> str:
        """Its label, or its path."""
        return self.label or str(self.path)

    @property
    def is_declared(self) -> bool:
        """Whether it was given a label."""
        return bool(self.label)

    def open(self, memory: Memory) -> AbstractContextManager[Inbox]:
        """Open it; raises UserError, see ``open_inbox``."""
        return open_inbox(self.path, self.by, self.label, self.away)


@contextmanager
def open_inbox(path: Path, by: Senders = BY_FOLDER, source: str = "", away: Away = KEPT) -> Iterator[Inbox]:
    """Open an inbox. Raises UserError when there is none, BusyError when it does not answer or may not be read."""
    require_inbox(path)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise BusyError("inbox_closed", path, reason=error.strerror) from error
    try:
        empty = Inbox(descriptor, (), (), Leaving(LocalStore(path), away), by, source)
        yield empty if by.unit else _look_into(path, empty)
    finally:
        os.close(descriptor)


def require_inbox(path: Path) -> None:
    """Raises UserError when there is no inbox."""
    if not path.is_dir():
        raise UserError("inbox_missing", path)


def county_inbox(inbox: Path, county: str, others: Iterable[str] = ()) -> Path:
    """Where a county's units leave their files: ``INBOX/<county>``, or the inbox itself where it is the only one.

    Raises UserError when only ``others`` have a folder there: theirs are no files of this county.
    """
    own = inbox / county
    if own.is_dir() or not any((inbox / other).is_dir() for other in others):
        return own if own.is_dir() else inbox
    raise UserError("inbox_of_county_missing", own)


def _look_into(path: Path, opened: Inbox) -> Inbox:
    try:
        listed = folder_entries(opened.descriptor, MAX_ENTRIES + 1)
    except OSError as error:
        raise BusyError("inbox_not_listed", path, reason=error.strerror) from error
    entries = (one for one in listed if not opened.leaving.is_ours(one.name))
    folders, strays = parted(entries, opened.by, opened.source, MAX_ENTRIES)
    return replace(opened, folders=folders, strays=strays)
