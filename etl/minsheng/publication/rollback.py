"""Taking back what was published, and holding it back until it is released or something new is to be said.

The hold is a file beside the revisions: it works while the warehouse is busy or broken. It ends by
itself with the next new content, because it names the newest revisions there were; what it named stays
on record, so that nobody is sent back to it unasked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from minsheng.core.errors import DamagedError, UserError
from minsheng.core.files import append_line, atomic_write
from minsheng.core.home import Publisher
from minsheng.core.notes import Note, UnreadableError
from minsheng.publication.revisions import Revision, all_revisions, current, find, point, require_current

HOLD = "hold.json"
LOG = "log.jsonl"


@dataclass(frozen=True)
class Hold:
    """The revisions taken back, newest last, and why; ``earlier`` are those of holds that new content ended."""

    withdrawn: tuple[str, ...]
    at: str
    reason: str
    earlier: tuple[str, ...] = ()


_HOLD = Note(Hold)


def roll_back(publisher: Publisher, to: str | None, now: datetime, reason: str) -> Revision:
    """Send readers back to an earlier revision (by default the one before), and withdraw all later ones.

    The hold is written before the switch: cut short between the two, the command is simply given again.
    Raises UserError when there is no earlier one, or the one named is not earlier.
    """
    standing = require_current(publisher)
    target = find(publisher, to) if to else _before(publisher, standing)
    if target.number >= standing.number:
        raise UserError("not_earlier", target.name, current=standing.name)
    target.require_whole()
    withdrawn = tuple(revision.name for revision in all_revisions(publisher) if revision.number > target.number)
    extended = hold_in_force(publisher)
    earlier = set(extended.earlier) if extended else taken_back(publisher)
    # Who goes back to a revision that was taken back once calls it good again.
    _write(publisher, Hold(withdrawn, now.isoformat(), reason, tuple(sorted(earlier - {target.name}))))
    point(publisher, target)
    log(publisher, now, "rolled back", {"from": standing.name, "to": target.name, "reason": reason})
    return target


def release(publisher: Publisher, now: datetime) -> Revision:
    """Give up the hold and send readers to the newest revision; raises UserError when nothing is held."""
    hold = hold_in_force(publisher)
    if hold is None:
        raise UserError("nothing_held", publisher.published)
    newest = find(publisher, hold.withdrawn[-1]).require_whole()
    point(publisher, newest)
    _write(publisher, replace(hold, withdrawn=()))
    log(publisher, now, "released", {"to": newest.name})
    return newest


def hold_in_force(publisher: Publisher) -> Hold | None:
    """The hold, as long as the newest revision is one of those withdrawn and readers are not on it."""
    hold, revisions = read_hold(publisher), all_revisions(publisher)
    if hold is None or not revisions or revisions[-1].name not in hold.withdrawn or _is_void(publisher, hold):
        return None
    return hold


def read_hold(publisher: Publisher) -> Hold | None:
    """The hold as written, in force or not; raises DamagedError when it can no longer be read."""
    path = publisher.published / HOLD
    if not path.exists():
        return None
    try:
        return _HOLD.read(path)
    except UnreadableError as error:
        raise DamagedError("hold_damaged", path, reason=error) from error


def taken_back(publisher: Publisher) -> frozenset[str]:
    """The names of all revisions that people took back and neither released nor went back to."""
    hold = read_hold(publisher)
    if hold is None:
        return frozenset()
    return frozenset(hold.earlier).union(() if _is_void(publisher, hold) else hold.withdrawn)


def log(publisher: Publisher, now: datetime, event: str, facts: Mapping[str, str]) -> None:
    """Keep what people did to the publication, one line each, in ``published/log.jsonl``."""
    line = json.dumps({"at": now.isoformat(), "event": event, **facts}, ensure_ascii=False)
    append_line(publisher.published / LOG, line)


def _before(publisher: Publisher, standing: Revision) -> Revision:
    bad = taken_back(publisher)
    good = [one for one in all_revisions(publisher) if one.number < standing.number and one.name not in bad]
    if not good:
        raise UserError("nothing_earlier", standing.name)
    return good[-1]


def _is_void(publisher: Publisher, hold: Hold) -> bool:
    """Readers are on what it withdraws: the roll-back, or the release, was cut short."""
    standing = current(publisher)
    return standing is not None and standing.name in hold.withdrawn


def _write(publisher: Publisher, hold: Hold) -> None:
    atomic_write(publisher.published / HOLD, _HOLD.written(hold))
