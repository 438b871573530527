"""Which revisions are kept, and removing the others."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from minsheng.core.files import move
from minsheng.core.home import Publisher
from minsheng.publication.hold import hold_in_force, taken_back, waiting
from minsheng.publication.log import FROZEN, PRUNED, entries, in_order, log
from minsheng.publication.revisions import Revision, all_revisions, current, folder_of
from minsheng.publication.spans import in_force, spans

_GRACE = timedelta(days=1)
_REMOVED = ".removed-"


@dataclass(frozen=True)
class Keep:
    """The rule: this many of the newest, all of the last days, for ever the last of every month not taken back,
    and what was in force at a freeze."""

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
        log(publisher, now, PRUNED, {"revisions": ", ".join(revision.name for revision in gone)})
    return gone


def _grounds(
    publisher: Publisher, revisions: list[Revision], keep: Keep, now: datetime
) -> dict[str, Collection[Revision | None]]:
    """Every reason there is, with the revisions it keeps."""
    hold = hold_in_force(publisher)
    withdrawn = hold.withdrawn if hold else ()
    behind = waiting(publisher, hold) if hold else []
    bad = taken_back(publisher)
    frozen = _frozen(publisher)
    spoken, left = now - timedelta(days=keep.days), (now - _GRACE).timestamp()
    return {
        "现行版本": [current(publisher)],
        "定稿时的版本": [one for one in revisions if one.name in frozen],
        "退回之后等待展示": behind,
        "已退回，尚未撤销退回": [one for one in revisions if one.name in withdrawn],
        f"最新的 {keep.newest} 个之一": revisions[-keep.newest :] if keep.newest else [],
        f"最近 {keep.days} 天内": [one for one in revisions if one.as_of > spoken],
        "当月最后一个": {f"{one.as_of:%Y-%m}": one for one in revisions if one.name not in bad}.values(),
        "可能还有读者": [one for one in revisions if one.folder.stat().st_mtime > left],
    }


def _frozen(publisher: Publisher) -> set[str]:
    """The revisions on which a month was frozen, and those that readers were on at that very moment."""
    told = entries(publisher)
    frozen = [entry for entry in in_order(told) if entry.event == FROZEN]
    moments = [datetime.fromisoformat(entry.facts["freeze_at"]) for entry in frozen]
    standing = (in_force(spans(told), moment) for moment in moments)
    return {entry.revision for entry in frozen} | {span.revision for span in standing if span}


def _clear(publisher: Publisher) -> None:
    for leftover in folder_of(publisher).glob(f"{_REMOVED}*"):
        shutil.rmtree(leftover)
