"""What becomes of a file at its source once it has landed, where that is asked for: it is deleted, or moved away.

It is given a name of ours first, in one step, then read once more and held against what landed: what somebody has
written over meanwhile gets its name back. Nothing is deleted that has not landed, wherever we are killed: what bears
our name is taken by the next run like any other, under the name it had (docs/adr/0060).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256 as hash_of
from typing import Protocol, runtime_checkable

from minsheng.source.declared import AfterFetch
from minsheng.source.entries import MOVED_MARK
from minsheng.source.store import Store
from minsheng.source.troubles import StoreError

# Behind the name of a file that is being put away.
OURS = ".minsheng-taken"
_PREFIX_LENGTH = 8
CHANGED = "已收下，但对方刚刚换了内容或名称已被占用，没有删除或移动；下次再看"
NOT_PUT_AWAY = "已收下，但没有能够在来源处删除或移动（{reason}）；下次再试"


class ChangedError(Exception):
    """The file is no longer what landed, or another has its name."""


@runtime_checkable
class Editable(Store, Protocol):
    """A server on which files can be put away. A folder or name is ours as text, or as the server listed it."""

    def rename(self, path: str, folder: str, name: str) -> None:
        """Give a file another place, in one step; over what is there."""

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


def original_name(name: str) -> str:
    """What a file is called that may be on its way out."""
    return name.removesuffix(OURS)


def interrupted_first(raw: bytes) -> tuple[bool, bytes]:
    """By which names are sorted: what was on its way out is older than whatever has its former name now."""
    return not raw.endswith(OURS.encode()), raw


def put_away(store: Store, away: Away, path: str, sha256: str, root: str, unit_code: str) -> None:
    """Delete or move a file of a unit that has landed with this hash.

    Raises ChangedError when it is another by now, StoreError and what libraries raise when the server refuses.
    """
    if not isinstance(store, Editable):
        raise StoreError("forbidden", "这种来源不能删除或移动")
    parent, _, name = path.rpartition("/")
    marked = name if name.endswith(OURS) else name + OURS
    if marked != name:
        _require_free(store, parent, marked)
        store.rename(path, parent, marked)
    ours = f"{parent}/{marked}" if parent else marked
    if hash_of(b"".join(store.chunks(ours))).hexdigest() != sha256:
        _require_free(store, parent, original_name(marked))
        store.rename(ours, parent, original_name(marked))
        raise ChangedError
    if away.after == "delete":
        store.remove(ours)
    else:
        _move(store, ours, away.folder, sha256, root, unit_code)


def _move(store: Editable, ours: str, folder: str, sha256: str, root: str, unit_code: str) -> None:
    """Into the unit's folder of what was taken; a name that comes again has other bytes, and so another beginning."""
    target = f"{root.rstrip('/')}/{folder}" if root else folder
    store.make_folder(target)
    store.make_folder(f"{target}/{MOVED_MARK}")
    store.make_folder(f"{target}/{unit_code}")
    name = original_name(ours.rpartition("/")[2])
    store.rename(ours, f"{target}/{unit_code}", f"{sha256[:_PREFIX_LENGTH]}-{name}")


def _require_free(store: Store, folder: str, name: str) -> None:
    if any(one.path.rpartition("/")[2] == name for one in store.entries(folder)):
        raise ChangedError
