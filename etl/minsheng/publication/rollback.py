"""Taking back what was published, and showing the newest again once that is released.

Each act is written down before readers are switched: cut short between the two, the next run of stage publish, or the
same command again, brings it to its end. The log is written last, and ``catch_up_log`` adds a line that was cut off.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from minsheng.core.errors import UserError
from minsheng.core.files import locked
from minsheng.core.home import Publisher
from minsheng.publication.hold import Hold, hold_in_force, read_hold, taken_back, write_hold
from minsheng.publication.log import entries, log_shown
from minsheng.publication.revisions import Revision, all_revisions, current, find, point, require_current
from minsheng.publication.spans import spans


def roll_back(publisher: Publisher, to: str | None, now: datetime, reason: str) -> Revision:
    """Send readers back to an earlier revision (by default the one before), and hold them there until released.

    During a hold only one that is named is further back: who gives the command twice means one step. What waits goes
    on waiting. Raises UserError when there is no earlier one, the one named is not earlier, or none is named during a
    hold.
    """
    require_current(publisher)
    with locked(publisher.published):
        catch_up_log(publisher, now)
        standing = require_current(publisher)
        hold = hold_in_force(publisher)
        if to is None and hold and hold.to == standing.name:
            raise UserError("rolled_back_already", standing.name)
        target = find(publisher, to) if to else _before(publisher, standing)
        if target.number >= standing.number:
            raise UserError("not_earlier", target.name, current=standing.name)
        target.require_whole()
        write_hold(publisher, _hold(publisher, standing, target, now, reason))
        point(publisher, target)
        facts = {"from": standing.name, "reason": reason}
        log_shown(publisher, now, "rolled back", target, facts)
    return target


def release(publisher: Publisher, now: datetime) -> Revision:
    """Give up the hold and send readers to the newest revision; raises UserError when nothing is held."""
    with locked(publisher.published):
        newest = _newest_to_release(publisher).require_whole()
        catch_up_log(publisher, now)
        if hold := hold_in_force(publisher):
            write_hold(publisher, _released(hold, newest, now))
        point(publisher, newest)
        log_shown(publisher, now, "released", newest, {})
    return newest


def keep_to_hold(publisher: Publisher) -> bool:
    """See that readers are where the hold wants them; whether they had to be brought there.

    They are not when a roll-back was cut short before the switch, or the link was lost.
    """
    hold, standing = hold_in_force(publisher), current(publisher)
    if hold and hold != read_hold(publisher):
        write_hold(publisher, hold)  # of an earlier version: it says now where readers stay
    if hold is None or (standing and standing.name == hold.to):
        return False
    return point(publisher, find(publisher, hold.to).require_whole())


def catch_up_log(publisher: Publisher, now: datetime) -> None:
    """Write down how readers came onto the revision they are on, if whoever brought them was cut off before that."""
    standing, told = current(publisher), spans(entries(publisher))
    if standing is None or (told and told[-1].revision == standing.name):
        return
    hold = read_hold(publisher)
    if hold and hold.withdrawn and hold.to == standing.name:
        log_shown(publisher, datetime.fromisoformat(hold.at), "rolled back", standing, {"reason": hold.reason})
    elif hold and hold.released_at and standing.name == all_revisions(publisher)[-1].name:
        log_shown(publisher, datetime.fromisoformat(hold.released_at), "released", standing, {})
    elif made_at := standing.manifest.get("made_at"):
        is_new = standing.name not in {span.revision for span in told}
        moment, event = (datetime.fromisoformat(made_at), "published") if is_new else (now, "found")
        log_shown(publisher, moment, event, standing, {})
    else:
        log_shown(publisher, now, "found", standing, {})


def _hold(publisher: Publisher, standing: Revision, target: Revision, now: datetime, reason: str) -> Hold:
    """What is taken back: all since the target, but for what already waits behind a hold."""
    before, known = hold_in_force(publisher), read_hold(publisher)
    last = standing.number if before else all_revisions(publisher)[-1].number
    since = {one.name for one in all_revisions(publisher) if target.number < one.number <= last}
    withdrawn = since.union(before.withdrawn if before else ())
    # Who goes back to a revision that was taken back once calls it good again.
    earlier = {*(known.earlier if known else ())} - {target.name}
    return Hold(tuple(sorted(withdrawn)), now.isoformat(), reason, tuple(sorted(earlier)), target.name)


def _released(hold: Hold, newest: Revision, now: datetime) -> Hold:
    """What was taken back stays so if something newer takes its place; if it is shown itself, it is good again."""
    bad = () if newest.name in hold.withdrawn else hold.withdrawn
    earlier = tuple(sorted({*hold.earlier, *bad}))
    return replace(hold, withdrawn=(), earlier=earlier, released_at=now.isoformat())


def _newest_to_release(publisher: Publisher) -> Revision:
    hold, revisions = read_hold(publisher), all_revisions(publisher)
    standing = current(publisher)
    is_behind = bool(revisions) and (standing is None or standing.name != revisions[-1].name)
    if hold_in_force(publisher) is None and not (hold and hold.released_at and is_behind):
        raise UserError("nothing_held", publisher.published)
    return revisions[-1]


def _before(publisher: Publisher, standing: Revision) -> Revision:
    bad = taken_back(publisher)
    good = [one for one in all_revisions(publisher) if one.number < standing.number and one.name not in bad]
    if not good:
        raise UserError("nothing_earlier", standing.name)
    return good[-1]
