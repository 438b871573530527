"""The walk through a sender's folder on this machine.

Everything is opened relative to the folder in which it was listed, and no link is followed: who puts a link in place of
a folder while we look gets nobody else's files in. Depth and number are bounded: no unit can make a run endless.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from minsheng.core.outcome import Outcome
from minsheng.guard import storable_name
from minsheng.source.entries import (
    LINK,
    MAX_DEPTH,
    MAX_ENTRIES,
    MOVED_HERE,
    TOO_DEEP,
    TOO_MANY,
    EntryKind,
    FolderEntry,
    holds_moved,
    passed_over,
)
from minsheng.source.folder_file import FolderDelivery, unreadable
from minsheng.source.local import Leaving
from minsheng.source.names import told_apart
from minsheng.source.putting_away import interrupted_first, original_name

_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass
class SenderWalk:
    """The walk through the folder of one sender, and how many entries it has met."""

    code: str
    source: str = ""
    met: int = 0

    def walk(self, descriptor: int, entry: FolderEntry, parent: Leaving) -> Iterator[FolderDelivery | Outcome]:
        """All that is below a folder of ``parent``, entry by entry; ends, and says so, at the bounds."""
        yield from self._below(descriptor, entry, (), parent.below(entry.raw))
        yield from self._ended()

    def walk_all(self, descriptor: int, folder: Leaving) -> Iterator[FolderDelivery | Outcome]:
        """The same of a folder that is open."""
        yield from self._inside(descriptor, (), folder)
        yield from self._ended()

    def _ended(self) -> Iterator[Outcome]:
        if self.met > MAX_ENTRIES:
            yield Outcome(self._label(()), "too_many", TOO_MANY)

    def _below(
        self, parent: int, entry: FolderEntry, path: tuple[str, ...], folder: Leaving
    ) -> Iterator[FolderDelivery | Outcome]:
        """``path``: the names from the sender's folder down to this one; ``folder``: the same as the system has it."""
        try:
            descriptor = os.open(entry.raw, _FOLDER_FLAGS, dir_fd=parent)
        except OSError as error:
            yield self._shut(path, error)
            return
        try:
            yield from self._inside(descriptor, path, folder)
        finally:
            os.close(descriptor)

    def _inside(self, descriptor: int, path: tuple[str, ...], folder: Leaving) -> Iterator[FolderDelivery | Outcome]:
        for each in self._listed(descriptor, path):
            if isinstance(each, Outcome):
                yield each
            elif not folder.is_ours(each.name):
                name = original_name(each.name) if each.kind == "file" else each.name
                yield from self._met(descriptor, each, (*path, name), folder.below(each.raw))

    def _listed(self, descriptor: int, path: tuple[str, ...]) -> Iterator[FolderEntry | Outcome]:
        try:
            entries = folder_entries(descriptor, MAX_ENTRIES + 1 - self.met)
        except OSError as error:
            yield self._shut(path, error)
            return
        if holds_moved(one.raw for one in entries):
            yield Outcome(self._label(path), "ignored", MOVED_HERE)
            return
        for entry in entries:
            self.met += 1
            if self.met > MAX_ENTRIES:
                return
            yield entry

    def _met(
        self, descriptor: int, entry: FolderEntry, path: tuple[str, ...], leaving: Leaving
    ) -> Iterator[FolderDelivery | Outcome]:
        delivery = FolderDelivery(self.code, "/".join(path), descriptor, entry.raw, leaving, self.source)
        if told := passed_over(delivery.label, entry):
            yield told
        elif entry.kind == "file":
            yield delivery
        elif len(path) > MAX_DEPTH:
            yield Outcome(delivery.label, "too_deep", TOO_DEEP)
        else:
            yield from self._below(descriptor, entry, path, leaving)

    def _shut(self, path: tuple[str, ...], error: OSError) -> Outcome:
        """A folder that does not open: what was a folder a moment ago may be a link by now."""
        label = self._label(path)
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            return Outcome(label, "misplaced", LINK)
        return unreadable(label, error)

    def _label(self, path: tuple[str, ...]) -> str:
        return "/".join(filter(None, (self.source, self.code, *map(storable_name, path))))


def folder_entries(descriptor: int, most: int) -> list[FolderEntry]:
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
