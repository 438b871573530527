"""The inbox as a folder, ``INBOX/<unit_code>/<anything>``: what lies in it, with its sender and its name.

Everything is opened relative to the folder in which it was listed, and no link is followed: who puts a link in place of
a folder while we look gets nobody else's files in. Depth and number are bounded: no unit can make a run endless.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from minsheng.core.errors import BusyError, UserError
from minsheng.core.outcome import Outcome
from minsheng.guard import storable_name
from minsheng.source.content import ChangingError, FileContent, NotAFileError, read_file
from minsheng.source.delivery import Noticed
from minsheng.source.entries import (
    LINK,
    MAX_DEPTH,
    MAX_ENTRIES,
    SPECIAL,
    TOO_DEEP,
    TOO_MANY,
    EntryKind,
    FolderEntry,
    passed_over,
)
from minsheng.source.local import Leaving, LocalStore
from minsheng.source.memory import Mark, Memory, entry_key
from minsheng.source.names import told_apart
from minsheng.source.putting_away import KEPT, Away, interrupted_first, original_name
from minsheng.source.senders import BY_FOLDER, Senders, parted

_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True)
class FolderDelivery:
    """A file below a sender's folder. ``name``: its path from there on; ``source``: shown before it, if one is."""

    unit_code: str
    name: str
    folder: int
    raw: bytes
    source: str = ""
    leaving: Leaving | None = None

    @property
    def key(self) -> str:
        """Made from its path."""
        return entry_key(self.unit_code, self.name)

    @property
    def mark(self) -> Mark | None:
        """Nothing: whoever reads it, at home, has it as fast as its size and time."""
        return None

    @property
    def changed_at(self) -> datetime | None:
        """When it was last written, where several sources may have files of one name."""
        if not self.source:
            return None
        with suppress(OSError):
            seconds = os.stat(self.raw, dir_fd=self.folder, follow_symlinks=False).st_mtime
            return datetime.fromtimestamp(seconds, UTC)
        return None

    @property
    def references(self) -> tuple[str, ...]:
        """None: a file answers nothing."""
        return ()

    def label_of(self, name: str) -> str:
        """Sender and name as they may be shown and kept."""
        return "/".join(filter(None, (self.source, self.unit_code, name)))

    @property
    def label(self) -> str:
        """The same with its own name."""
        return self.label_of(storable_name(self.name))

    @property
    def stays(self) -> bool:
        """Unless the declaration asks for something else."""
        return self.leaving is None

    def put_away(self, sha256: str) -> Outcome | None:
        """Delete or move it; gives why that could not be done."""
        return self.leaving.put_away(self.label, self.unit_code, sha256) if self.leaving else None

    def read(self) -> FileContent | Outcome:
        """What it holds, or why it cannot be taken; raises OSError when the system refuses it."""
        try:
            return read_file(self.raw, self.folder)
        except ChangingError:
            return Outcome(self.label, "busy", "文件正在写入，下次再取")
        except NotAFileError:
            return Outcome(self.label, "misplaced", SPECIAL)
        except OSError as error:
            if error.errno == errno.ELOOP:
                return Outcome(self.label, "misplaced", LINK)
            raise


@dataclass(frozen=True)
class Inbox:
    """An opened folder: the folders of its senders, and what lies beside them.

    ``by``: who the senders are; ``source``: what is shown before every file, where several are pulled.
    """

    descriptor: int
    folders: tuple[FolderEntry, ...]
    strays: tuple[Outcome, ...]
    by: Senders = BY_FOLDER
    source: str = ""
    leaving: Leaving | None = None

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
            yield from _Sender(self.by.unit, self.source, self.leaving).walk_all(self.descriptor)
        for folder in self.folders:
            leaving = self.leaving and self.leaving.below(folder.raw)
            yield from _Sender(self.by.code(folder.name), self.source, leaving).walk(self.descriptor, folder)


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
        leaving = Leaving(LocalStore(path), away) if away.after != "keep" else None
        empty = Inbox(descriptor, (), (), by, source, leaving)
        yield empty if by.unit else _look_into(path, empty, away)
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


def unreadable(label: str, error: OSError) -> Outcome:
    """What is said of a file or folder the system does not let us read."""
    return Outcome(label, "unreadable", f"{error.strerror}，文件仍在收件目录")


def _look_into(path: Path, opened: Inbox, away: Away) -> Inbox:
    try:
        entries = [one for one in _entries(opened.descriptor, MAX_ENTRIES + 1) if not away.is_ours(one.name)]
    except OSError as error:
        raise BusyError("inbox_not_listed", path, reason=error.strerror) from error
    folders, strays = parted(entries, opened.by, opened.source, MAX_ENTRIES)
    return replace(opened, folders=folders, strays=strays)


@dataclass
class _Sender:
    """The walk through the folder of one sender, and how many entries it has met."""

    code: str
    source: str = ""
    leaving: Leaving | None = None
    met: int = 0

    def walk(self, descriptor: int, entry: FolderEntry) -> Iterator[FolderDelivery | Outcome]:
        """All that is below a folder, entry by entry; ends, and says so, at the bounds."""
        yield from self._below(descriptor, entry, ())
        yield from self._ended()

    def walk_all(self, descriptor: int) -> Iterator[FolderDelivery | Outcome]:
        """The same of a folder that is open."""
        yield from self._inside(descriptor, ())
        yield from self._ended()

    def _ended(self) -> Iterator[Outcome]:
        if self.met > MAX_ENTRIES:
            yield Outcome(self._label(()), "too_many", TOO_MANY)

    def _below(self, parent: int, entry: FolderEntry, path: tuple[str, ...]) -> Iterator[FolderDelivery | Outcome]:
        """``path``: the names from the sender's folder down to this one."""
        try:
            descriptor = os.open(entry.raw, _FOLDER_FLAGS, dir_fd=parent)
        except OSError as error:
            yield self._shut(path, error)
            return
        try:
            yield from self._inside(descriptor, path)
        finally:
            os.close(descriptor)

    def _inside(self, descriptor: int, path: tuple[str, ...]) -> Iterator[FolderDelivery | Outcome]:
        for each in self._listed(descriptor, path):
            if isinstance(each, Outcome):
                yield each
            elif not (self.leaving and self.leaving.is_ours((*path, each.name))):
                yield from self._met(descriptor, each, (*path, original_name(each.name)))

    def _listed(self, descriptor: int, path: tuple[str, ...]) -> Iterator[FolderEntry | Outcome]:
        try:
            entries = _entries(descriptor, MAX_ENTRIES + 1 - self.met)
        except OSError as error:
            yield self._shut(path, error)
            return
        for entry in entries:
            self.met += 1
            if self.met > MAX_ENTRIES:
                return
            yield entry

    def _met(self, descriptor: int, entry: FolderEntry, path: tuple[str, ...]) -> Iterator[FolderDelivery | Outcome]:
        name = "/".join(path)
        leaving = self.leaving and self.leaving.below(*map(os.fsencode, path[:-1]), entry.raw)
        delivery = FolderDelivery(self.code, name, descriptor, entry.raw, self.source, leaving)
        if told := passed_over(delivery.label, entry):
            yield told
        elif entry.kind == "file":
            yield delivery
        elif len(path) > MAX_DEPTH:
            yield Outcome(delivery.label, "too_deep", TOO_DEEP)
        else:
            yield from self._below(descriptor, entry, path)

    def _shut(self, path: tuple[str, ...], error: OSError) -> Outcome:
        """A folder that does not open: what was a folder a moment ago may be a link by now."""
        label = self._label(path)
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            return Outcome(label, "misplaced", LINK)
        return unreadable(label, error)

    def _label(self, path: tuple[str, ...]) -> str:
        return "/".join(filter(None, (self.source, self.code, *map(storable_name, path))))


def _entries(descriptor: int, most: int) -> list[FolderEntry]:
    """At most so many entries of an opened folder, in the order of their names; what was interrupted comes first."""
    with os.scandir(descriptor) as found:
        kinds = {os.fsencode(entry.name): _kind(entry) for entry in islice(found, max(most, 0))}
    names = told_apart(kinds)
    return [FolderEntry(raw, names[raw], kinds[raw]) for raw in sorted(kinds, key=interrupted_first)]


def _kind(entry: os.DirEntry[str]) -> EntryKind:
    """What it is, itself and not what it points to; of what may not be looked at, reading it will show."""
    try:
        if entry.is_symlink():
            return "link"
        if entry.is_dir(follow_symlinks=False):
            return "folder"
        return "file" if entry.is_file(follow_symlinks=False) else "special"
    except OSError:
        return "file"
