"""The inbox as a folder, ``INBOX/<unit_code>/<anything>``: what lies in it, with its sender and its name.

Everything is opened relative to the folder in which it was listed, and no link is followed: who puts a link in place of
a folder while we look gets nobody else's files in. Depth and number are bounded: no unit can make a run endless.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from minsheng.core.errors import BusyError, UserError
from minsheng.core.outcome import Outcome
from minsheng.guard import storable_name
from minsheng.source.content import ChangingError, FileContent, NotAFileError, read_file
from minsheng.source.names import sender_code, told_apart

MAX_DEPTH = 8
MAX_ENTRIES = 5000

EntryKind = Literal["file", "folder", "link", "special"]

_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Left behind by Excel, WPS, LibreOffice, macOS and file managers; never a report.
_DEBRIS_PREFIXES = ("~$", "~WPS", ".~", "._")
# Also what a file system or a network store keeps for itself beside the folders of its users.
_DEBRIS_NAMES = frozenset(
    {"Thumbs.db", "desktop.ini", ".DS_Store", "lost+found", "$RECYCLE.BIN", "System Volume Information", "@eaDir"}
    | {"#recycle", "#snapshot"}
)
_NO_SENDER = "放在单位文件夹之外，无法确定报送单位"
_LINK = "是链接，不是报表；不跟随链接取件"
_SPECIAL = "是管道、设备等特殊文件，不是报表"
_DEBRIS = "是程序或系统留下的临时文件，不是报表"
_HIDDEN = "名称以“.”开头，是隐藏的，没有取件；如是报表，请改名"
_TOO_DEEP = f"文件夹套得太深（超过 {MAX_DEPTH} 层），里面的没有取件；请移到浅处"
_TOO_MANY = f"文件和文件夹超过 {MAX_ENTRIES} 个，其余没有取件；请清理或归档已报送的文件"


@dataclass(frozen=True)
class FolderEntry:
    """One name in a folder: its bytes on disk, the same as text, and what bears it."""

    raw: bytes
    name: str
    kind: EntryKind


@dataclass(frozen=True)
class Delivery:
    """A file below a unit's folder, to be read before the next one is asked for. ``name``: its path from there on."""

    unit_code: str
    name: str
    folder: int
    raw: bytes

    @property
    def label(self) -> str:
        """Sender and name as they may be shown and kept."""
        return f"{self.unit_code}/{storable_name(self.name)}"

    def read(self) -> FileContent | Outcome:
        """What it holds, or why it cannot be taken; raises OSError when the system refuses it."""
        try:
            return read_file(self.raw, self.folder)
        except ChangingError:
            return Outcome(self.label, "busy", "文件正在写入，下次再取")
        except NotAFileError:
            return Outcome(self.label, "misplaced", _SPECIAL)
        except OSError as error:
            if error.errno == errno.ELOOP:
                return Outcome(self.label, "misplaced", _LINK)
            raise


@dataclass(frozen=True)
class Inbox:
    """An opened inbox: the folders of its senders, and what lies beside them."""

    descriptor: int
    senders: tuple[FolderEntry, ...]
    strays: tuple[Outcome, ...]

    def deliveries(self) -> Iterator[Delivery | Outcome]:
        """Everything below the senders' folders in a fixed order: files to be taken, and why others are not."""
        for sender in self.senders:
            yield from _Sender(sender_code(sender.name)).walk(self.descriptor, sender)


@contextmanager
def open_inbox(path: Path) -> Iterator[Inbox]:
    """Open an inbox. Raises UserError when there is none, BusyError when it does not answer or may not be read."""
    require_inbox(path)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise BusyError("inbox_closed", path, reason=error.strerror) from error
    try:
        yield _look_into(path, descriptor)
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


def _look_into(path: Path, descriptor: int) -> Inbox:
    try:
        entries = _entries(descriptor, MAX_ENTRIES + 1)
    except OSError as error:
        raise BusyError("inbox_not_listed", path, reason=error.strerror) from error
    senders = tuple(entry for entry in entries if entry.kind == "folder" and _passed_over("", entry) is None)
    strays = tuple(_stray(entry) for entry in entries if entry not in senders)
    too_many = (Outcome(".", "too_many", _TOO_MANY),) if len(entries) > MAX_ENTRIES else ()
    return Inbox(descriptor, senders[:MAX_ENTRIES], (*strays[:MAX_ENTRIES], *too_many))


def _stray(entry: FolderEntry) -> Outcome:
    name = storable_name(entry.name)
    return _passed_over(name, entry) or Outcome(name, "misplaced", _NO_SENDER)


def _passed_over(label: str, entry: FolderEntry) -> Outcome | None:
    """Why nobody looks into this entry; None: it is a file or a folder like any other."""
    if entry.kind == "link":
        return Outcome(label, "misplaced", _LINK)
    if entry.kind == "special":
        return Outcome(label, "misplaced", _SPECIAL)
    if entry.name.startswith(_DEBRIS_PREFIXES) or entry.name in _DEBRIS_NAMES:
        return Outcome(label, "ignored", _DEBRIS)
    return Outcome(label, "ignored", _HIDDEN) if entry.name.startswith(".") else None


@dataclass
class _Sender:
    """The walk through the folder of one sender, and how many entries it has met."""

    code: str
    met: int = 0

    def walk(self, descriptor: int, entry: FolderEntry) -> Iterator[Delivery | Outcome]:
        """All that is below a folder, entry by entry; ends, and says so, at the bounds."""
        yield from self._below(descriptor, entry, ())
        if self.met > MAX_ENTRIES:
            yield Outcome(self.code, "too_many", _TOO_MANY)

    def _below(self, parent: int, entry: FolderEntry, path: tuple[str, ...]) -> Iterator[Delivery | Outcome]:
        """``path``: the names from the sender's folder down to this one."""
        try:
            descriptor = os.open(entry.raw, _FOLDER_FLAGS, dir_fd=parent)
        except OSError as error:
            yield self._shut(path, error)
            return
        try:
            for each in self._listed(descriptor, path):
                yield from (each,) if isinstance(each, Outcome) else self._met(descriptor, each, (*path, each.name))
        finally:
            os.close(descriptor)

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

    def _met(self, descriptor: int, entry: FolderEntry, path: tuple[str, ...]) -> Iterator[Delivery | Outcome]:
        name = "/".join(path)
        delivery = Delivery(self.code, name, descriptor, entry.raw)
        if passed_over := _passed_over(delivery.label, entry):
            yield passed_over
        elif entry.kind == "file":
            yield delivery
        elif len(path) > MAX_DEPTH:
            yield Outcome(delivery.label, "too_deep", _TOO_DEEP)
        else:
            yield from self._below(descriptor, entry, path)

    def _shut(self, path: tuple[str, ...], error: OSError) -> Outcome:
        """A folder that does not open: what was a folder a moment ago may be a link by now."""
        label = "/".join((self.code, *map(storable_name, path)))
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            return Outcome(label, "misplaced", _LINK)
        return unreadable(label, error)


def _entries(descriptor: int, most: int) -> list[FolderEntry]:
    """At most so many entries of an opened folder, in the order of their names."""
    with os.scandir(descriptor) as found:
        kinds = {os.fsencode(entry.name): _kind(entry) for entry in islice(found, max(most, 0))}
    names = told_apart(kinds)
    return [FolderEntry(raw, names[raw], kinds[raw]) for raw in sorted(kinds)]


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
