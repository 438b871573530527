"""What becomes of a file at its source once it has landed, where that is asked for: it is deleted, or moved away.

It is given a name of ours first, in one step, then read once more and held against what landed: what somebody has
written over meanwhile gets its name back, unless that is taken by now. Nothing is deleted that has not landed, wherever
we are killed: what bears our name is taken by the next run like any other, under the name it had (docs/adr/0060).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256 as hash_of
from pathlib import PurePosixPath
from typing import Protocol, runtime_checkable

from minsheng.source.content import ChangingError
from minsheng.source.declared import AfterFetch
from minsheng.source.entries import MOVED_MARK
from minsheng.source.memory import Mark
from minsheng.source.store import Store, read_up_to
from minsheng.source.troubles import StoreError
from minsheng.spreadsheet.container import MAX_BYTES

# Behind the name of a file that is being put away.
OURS = ".minsheng-taken"
_PREFIX_LENGTH = 8
_HASH_LENGTH = 64
_LONGEST_NAME = 255  # bytes, of most file systems
CHANGED = "已收下，但对方刚刚换了内容或名称已被占用，没有删除或移动；下次再看"
NOT_PUT_AWAY = "已收下，但没有能够在来源处删除或移动（{reason}）；下次再试"


class ChangedError(Exception):
    """The file is no longer what landed, or another has its name."""


@runtime_checkable
class Editable(Store, Protocol):
    """A server on which files can be put away. A folder or name is ours as text, or as the server listed it."""

    def rename(self, path: str, folder: str, name: str, *, is_ours: bool) -> None:
        """Give a file another place, in one step; raises FileExistsError when the name is taken there.

        ``is_ours``: nobody else gives this name, so it need not be that same step that finds it free. Of any other
        name it must: a kind whose servers may replace what is there raises FileExistsError unasked.
        """

    def state(self, path: str) -> Mark:
        """Size and time of a file, as they are now."""

    def remove(self, path: str) -> None:
        """Delete a file."""

    def make_folder(self, path: str) -> None:
        """Make a folder in one that is there; no-op if it is there itself."""


@dataclass(frozen=True)
class Away:
    """What a declaration asks for. ``folder``: to which files are moved, or were, at the root of the source."""

    after: AfterFetch = "keep"
    folder: str = ""

    def is_ours(self, name: str) -> bool:
        """Whether a folder at the root is the one into which files are moved."""
        return bool(self.folder) and name == self.folder


KEPT = Away()


@dataclass(frozen=True)
class Lying:
    """A file at its source: its path and the bytes of its name there, whose it is, and the root of the source."""

    path: str
    raw: bytes
    unit_code: str
    root: str = ""

    @property
    def parent(self) -> str:
        """Its folder."""
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        """Its name there."""
        return self.path.rpartition("/")[2]


def landed_as(name: str) -> str | None:
    """The hash of what landed, where a file on its way out is called by that; null: it bears its own name."""
    last = name.rpartition("/")[2]
    stem = last.removesuffix(OURS)
    is_hash = stem != last and len(stem) == _HASH_LENGTH and set(stem) <= set("0123456789abcdef")
    return stem if is_hash else None


def original_name(name: str) -> str:
    """What a file is called that may be on its way out; under its hash it has no other name."""
    return name if landed_as(name) else name.removesuffix(OURS)


def interrupted_first(raw: bytes) -> tuple[bool, bytes]:
    """By which names are sorted: what was on its way out is older than whatever has its former name now."""
    return not raw.endswith(OURS.encode()), raw


def put_away(store: Store, away: Away, file: Lying, sha256: str) -> None:
    """Delete or move a file that has landed with this hash.

    Raises ChangedError when it is another by now, StoreError and what libraries raise when the server refuses.
    """
    if not isinstance(store, Editable):
        raise StoreError("forbidden", "这种来源不能删除或移动")
    try:
        _put_away(store, away, file, sha256)
    except FileExistsError as error:
        raise ChangedError from error


def _put_away(store: Editable, away: Away, file: Lying, sha256: str) -> None:
    is_aside = file.name.endswith(OURS)
    aside = file.name if is_aside else _name_aside(file, sha256)
    ours = f"{file.parent}/{aside}" if file.parent else aside
    if not is_aside:
        store.rename(file.path, file.parent, aside, is_ours=True)
    if not _is_still(store, ours, sha256):
        if not is_aside:
            store.rename(ours, file.parent, file.name, is_ours=False)
        raise ChangedError
    if away.after == "delete":
        store.remove(ours)
    else:
        _move(store, ours, away.folder, file, sha256)


def _name_aside(file: Lying, sha256: str) -> str:
    """A name of ours; where its own leaves no room, the hash of what landed stands for it."""
    return (file.name if len(file.raw) + len(OURS) <= _LONGEST_NAME else sha256) + OURS


def _is_still(store: Editable, path: str, sha256: str) -> bool:
    """Whether it is what landed, and nobody who still has it open has written since we began to read."""
    before = store.state(path)
    try:
        is_same = hash_of(read_up_to(store, path, MAX_BYTES)).hexdigest() == sha256
    except ChangingError:
        return False
    return is_same and store.state(path) == before


def _move(store: Editable, ours: str, folder: str, file: Lying, sha256: str) -> None:
    """Into the unit's folder of what was taken; what lies there already with the same bytes need not come twice."""
    target = f"{file.root.rstrip('/')}/{folder}" if file.root else folder
    for made in (target, f"{target}/{MOVED_MARK}", f"{target}/{file.unit_code}"):
        store.make_folder(made)
    name = _name_moved(file, sha256)
    try:
        store.rename(ours, f"{target}/{file.unit_code}", name, is_ours=True)
    except FileExistsError:
        if not _is_still(store, f"{target}/{file.unit_code}/{name}", sha256):
            raise
        store.remove(ours)


def _name_moved(file: Lying, sha256: str) -> str:
    """A name that comes again has other bytes, and so another beginning."""
    name = original_name(file.name)
    if len(file.raw) + _PREFIX_LENGTH < _LONGEST_NAME and not landed_as(name):
        return f"{sha256[:_PREFIX_LENGTH]}-{name}"
    suffix = PurePosixPath(original_name(file.name).removesuffix(OURS)).suffix[:5]
    return sha256 + suffix if suffix.isascii() else sha256
