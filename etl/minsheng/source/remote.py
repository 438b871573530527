"""A source of files on somebody else's server: the same walk for every kind, whatever happens there meanwhile.

A file is taken when it is listed twice alike, some seconds apart, and has that size when it is read: who is still
writing waits for the next run. Nothing there is changed, and what has
landed is moved or deleted where that is asked for.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from minsheng.core.outcome import Outcome
from minsheng.guard import storable_name
from minsheng.source.delivery import Delivery, Noticed
from minsheng.source.entries import (
    MAX_DEPTH,
    MAX_ENTRIES,
    MOVED_HERE,
    TOO_DEEP,
    TOO_MANY,
    FolderEntry,
    holds_moved,
    passed_over,
)
from minsheng.source.line import ServerLine
from minsheng.source.memory import Memory, entry_key
from minsheng.source.names import told_apart
from minsheng.source.putting_away import KEPT, Away, interrupted_first, original_name
from minsheng.source.remote_file import FORBIDDEN, GROWING, RemoteDelivery
from minsheng.source.senders import Senders, parted
from minsheng.source.store import Connect, Listed
from minsheng.source.troubles import StoreError, source_down

# Seconds between the two listings.
SETTLE_SECONDS = 3.0
# What programs call a file while they bring it.
_UPLOADING = (".filepart", ".part", ".partial", ".crdownload", ".uploading", ".tmp")

_PART = "名称是上传途中的临时名称，改名之后再取"


@dataclass(frozen=True)
class RemoteSource:
    """A folder on a server. ``place`` says where, for people; ``connect`` logs in there."""

    name: str
    place: str
    root: str
    by: Senders
    connect: Connect
    settle_seconds: float = SETTLE_SECONDS
    away: Away = KEPT

    @property
    def is_declared(self) -> bool:
        """It always is."""
        return True

    def at_once(self) -> RemoteSource:
        """The same without the pause between two listings: for who knows that nobody writes."""
        return replace(self, settle_seconds=0.0)

    @contextmanager
    def open(self, memory: Memory) -> Iterator[OpenedRemote]:
        """Log in and list the folders of the senders; raises SourceDownError, also while it is being read."""
        with ExitStack() as stack:
            try:
                yield OpenedRemote(self, memory, ServerLine(self.connect, stack)).listed()
            except StoreError as error:
                raise source_down(self.name, self.place, error) from error


@dataclass(frozen=True)
class OpenedRemote:
    """A server that answers: the folders of the senders, and what lies beside them."""

    source: RemoteSource
    memory: Memory
    line: ServerLine
    folders: tuple[tuple[str, Listed], ...] = ()
    strays: tuple[Outcome, ...] = ()

    def listed(self) -> OpenedRemote:
        """The same with what lies in its root; raises StoreError."""
        if self.source.by.unit:
            self.line.entries(self.source.root)  # does it answer?
            return self
        listed = _named(self.line.entries(self.source.root)[: MAX_ENTRIES + 1])
        named = [(entry, one) for entry, one in listed if not self.source.away.is_ours(entry.name)]
        folders, strays = parted((entry for entry, _ in named), self.source.by, self.source.name)
        found = {entry.raw: one for entry, one in named}
        return replace(self, folders=tuple((one.name, found[one.raw]) for one in folders), strays=strays)

    @property
    def noticed(self) -> Noticed:
        """Nothing."""
        return Noticed()

    @property
    def senders(self) -> tuple[str, ...] | None:
        """The codes of the senders' folders; null: all of it is one unit's."""
        return None if self.source.by.unit else tuple(self.source.by.code(name) for name, _ in self.folders)

    def deliveries(self) -> Iterator[Delivery | Outcome]:
        """Files in the order in which they were last changed, then by name; and why others are not taken."""
        found: list[RemoteDelivery] = []
        for each in self._walk_all():
            if isinstance(each, Outcome):
                yield each
            else:
                found.append(each)
        growing = self._growing([one for one in found if not _is_remembered(one, self.memory)])
        for one in sorted(found, key=_order):
            yield Outcome(one.label, "busy", GROWING) if one.key in growing else one

    def _walk_all(self) -> Iterator[RemoteDelivery | Outcome]:
        if self.source.by.unit:
            yield from _Walk(self.source, self.line, self.source.by.unit).below(self.source.root, ("",))
        for name, listed in self.folders:
            yield from _Walk(self.source, self.line, self.source.by.code(name)).below(listed.path, (name,))

    def _growing(self, fresh: Sequence[RemoteDelivery]) -> frozenset[str]:
        """The keys of those that are not listed a second time as they were the first."""
        if not fresh:
            return frozenset()
        time.sleep(self.source.settle_seconds)
        now = {one.path: one.mark for parent in {one.parent for one in fresh} for one in self._again(parent)}
        return frozenset(one.key for one in fresh if now.get(one.listed.path) != one.listed.mark)

    def _again(self, parent: str) -> Iterable[Listed]:
        try:
            return self.line.entries(parent)
        except StoreError as error:
            if error.trouble not in ("missing", "forbidden"):
                raise
            return ()


@dataclass
class _Walk:
    """The walk through the folder of one sender, and how many entries it has met."""

    source: RemoteSource
    line: ServerLine
    code: str
    met: int = field(default=0)

    def below(self, folder: str, path: tuple[str, ...]) -> Iterator[RemoteDelivery | Outcome]:
        """All below a folder; ``path``: the names from the root down to it. A folder that is shut hides no other."""
        listed = self._listed(folder, self._label(path[1:]))
        if isinstance(listed, Outcome):
            yield listed
            return
        for entry, one in _named(listed[: MAX_ENTRIES + 1 - self.met]):
            if path == ("",) and self.source.away.is_ours(entry.name):
                continue
            self.met += 1
            if self.met > MAX_ENTRIES:
                yield Outcome(self._label(()), "too_many", TOO_MANY)
                return
            name = original_name(entry.name) if entry.kind == "file" else entry.name
            yield from self._met(folder, entry, one, (*path, name))

    def _listed(self, folder: str, label: str) -> list[Listed] | Outcome:
        try:
            listed = self.line.entries(folder)
        except StoreError as error:
            if error.trouble not in ("missing", "forbidden"):
                raise
            return Outcome(label, "unreadable", FORBIDDEN.format(reason=error.reason))
        return Outcome(label, "ignored", MOVED_HERE) if holds_moved(one.raw for one in listed) else listed

    def _met(
        self, folder: str, entry: FolderEntry, one: Listed, path: tuple[str, ...]
    ) -> Iterator[RemoteDelivery | Outcome]:
        label = self._label(path[1:])
        if told := passed_over(label, entry):
            yield told
        elif entry.kind == "folder":
            too_deep = Outcome(label, "too_deep", TOO_DEEP)
            yield from self.below(one.path, path) if len(path) - 1 <= MAX_DEPTH else (too_deep,)
        elif entry.name.lower().endswith(_UPLOADING):
            yield Outcome(label, "busy", _PART)
        else:
            name = "/".join(path[1:])
            key = entry_key(*path)
            root, away = self.source.root, self.source.away
            yield RemoteDelivery(self.source.name, self.code, name, key, folder, one, self.line, root, away)

    def _label(self, path: tuple[str, ...]) -> str:
        return "/".join((self.source.name, self.code, *map(storable_name, path)))


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def _order(one: RemoteDelivery) -> tuple[bool, datetime, str, str]:
    is_whole_name, _ = interrupted_first(one.listed.raw)
    return is_whole_name, one.changed_at or _LONG_AGO, one.unit_code, one.name


def _named(listed: Sequence[Listed]) -> list[tuple[FolderEntry, Listed]]:
    """Entries with readable names, no two alike, in the order of their names."""
    by_raw = {one.raw: one for one in listed}
    names = told_apart(by_raw)
    return [(FolderEntry(raw, names[raw], by_raw[raw].kind), by_raw[raw]) for raw in sorted(by_raw)]


def _is_remembered(one: RemoteDelivery, memory: Memory) -> bool:
    before = memory.get(one.key)
    return before is not None and before.sha256 is not None and before.mark == one.mark
