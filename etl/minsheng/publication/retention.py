"""Which revisions are kept, and removing the others."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from minsheng.core.files import move
from minsheng.core.home import Publisher
from minsheng.publication.revisions import Revision, all_revisions, current, folder_of
from minsheng.publication.rollback import hold_in_force, log, taken_back

_GRACE = timedelta(days=1)
_REMOVED = ".removed-"


@dataclass(frozen=True)
class Keep:
    """The rule: this many of the newest, all of the last days, and for ever the last of every month not taken back."""

    newest: int = 30
    days: int = 90


@dataclass(frozen=True)
class Sorted:
    """A revision and why it is kept; no reason: it may go."""

    revision: Revision
    reasons: tuple[str, ...]


def sort_out(publisher: Publisher, keep: Keep, now: datetime) -> list[Sorted]:
    """Every revision, oldest first, with the reasons to keep it; touches nothing."""
    revisions = all_revisions(publisher)
    grounds = _grounds(publisher, revisions, keep, now)
    return [
        Sorted(revision, tuple(reason for reason, kept in grounds.items() if revision in kept))
        for revision in revisions
    ]


def prune(publisher: Publisher, keep: Keep, now: datetime) -> list[Revision]:
    """Remove what nothing keeps; gives what was removed.

    A revision is renamed first: cut short, no half revision bears a revision's name.
    """
    _clear(publisher)
    gone = [entry.revision for entry in sort_out(publisher, keep, now) if not entry.reasons]
    if gone:
        for revision in gone:
            move(revision.folder, revision.folder.with_name(f"{_REMOVED}{revision.name}"))
        _clear(publisher)
        log(publisher, now, "pruned", {"revisions": ", ".join(revision.name for revision in gone)})
    return gone


def _grounds(
    publisher: Publisher, revisions: list[Revision], keep: Keep, now: datetime
) -> dict[str, Collection[Revision | None]]:
    """Every reason there is, with the revisions it keeps."""
    hold = hold_in_force(publisher)
    withdrawn = hold.withdrawn if hold else ()
    bad = taken_back(publisher)
    spoken, left = now - timedelta(days=keep.days), (now - _GRACE).timestamp()
    return {
        "current": [current(publisher)],
        "withdrawn, not yet released": [one for one in revisions if one.name in withdrawn],
        f"one of the newest {keep.newest}": revisions[-keep.newest :] if keep.newest else [],
        f"of the last {keep.days} days": [one for one in revisions if one.as_of > spoken],
        "last of its month": {f"{one.as_of:%Y-%m}": one for one in revisions if one.name not in bad}.values(),
        "readers may still be on it": [one for one in revisions if one.folder.stat().st_mtime > left],
    }


def _clear(publisher: Publisher) -> None:
    for leftover in folder_of(publisher).glob(f"{_REMOVED}*"):
        shutil.rmtree(leftover)
