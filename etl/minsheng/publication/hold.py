"""A roll-back that holds: what was taken back, where readers stay until people release it, and what waits meanwhile.

The hold is a file beside the revisions: it works while the warehouse is busy or broken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from minsheng.core.errors import DamagedError, UserError
from minsheng.core.files import atomic_write
from minsheng.core.home import Publisher
from minsheng.core.notes import Note, UnreadableError
from minsheng.publication.revisions import Revision, all_revisions, current

HOLD = "hold.json"


@dataclass(frozen=True)
class Hold:
    """Readers stay on ``to``; taken back are the revisions ``withdrawn``, oldest first, and why.

    Released (``released_at``) it withdraws nothing any more; ``earlier`` are those of former holds that nobody is to be
    sent back to unasked.
    """

    withdrawn: tuple[str, ...]
    at: str
    reason: str
    earlier: tuple[str, ...] = ()
    to: str = ""
    released_at: str = ""


_HOLD = Note(Hold)


def read_hold(publisher: Publisher) -> Hold | None:
    """The hold as written, in force or not; raises DamagedError when it can no longer be read."""
    path = publisher.published / HOLD
    if not path.exists():
        return None
    try:
        return _HOLD.read(path)
    except UnreadableError as error:
        raise DamagedError("hold_damaged", path, reason=error) from error


def write_hold(publisher: Publisher, hold: Hold) -> None:
    """Put it in place of the last one."""
    atomic_write(publisher.published / HOLD, _HOLD.written(hold))


def hold_in_force(publisher: Publisher) -> Hold | None:
    """The hold, from when it is written until it is released, also if the switch that follows it was cut short."""
    hold = read_hold(publisher)
    if hold is None or not hold.withdrawn:
        return None
    return hold if hold.to else _of_earlier_version(publisher, hold)


def taken_back(publisher: Publisher) -> frozenset[str]:
    """The names of all revisions that people took back and neither released nor went back to."""
    hold = read_hold(publisher)
    if hold is None:
        return frozenset()
    in_force = hold_in_force(publisher)
    return frozenset(hold.earlier).union(in_force.withdrawn if in_force else hold.withdrawn)


def waiting(publisher: Publisher, hold: Hold) -> list[Revision]:
    """What was made behind the hold and nobody has seen, oldest first."""
    last = max(hold.withdrawn, default=hold.to)
    return [one for one in all_revisions(publisher) if one.name > last]


def held_text(publisher: Publisher, hold: Hold) -> str:
    """Where readers stay, what waits, and how to show it: for the run, the listings and the log of a task."""
    behind = waiting(publisher, hold)
    told = f"；其后有 {len(behind)} 个版本等待发布，最新的是 {behind[-1].name}" if behind else ""
    return f"已人工退回，读者停在 {hold.to}{told}；minsheng publication release 展示最新的"


def _of_earlier_version(publisher: Publisher, hold: Hold) -> Hold | None:
    """One that did not yet name where readers stay: it ended when something new was published."""
    revisions, standing = all_revisions(publisher), _standing(publisher)
    if standing is None or standing.name in hold.withdrawn or revisions[-1].name not in hold.withdrawn:
        return None
    return replace(hold, to=standing.name)


def _standing(publisher: Publisher) -> Revision | None:
    try:
        return current(publisher)
    except UserError:
        return None
