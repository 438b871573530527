"""Taking back what was published, and holding it back until it is released or something new is to be said.

The hold is a file beside the revisions: it works while the warehouse is busy or broken. It ends by
itself with the next new content, because it names the newest revisions there were.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from etl.errors import UserError
from etl.files import atomic_write
from etl.home import Home
from etl.published.revisions import Revision, all_revisions, find, point, require_current

_HOLD = "hold.json"
_LOG = "log.jsonl"


@dataclass(frozen=True)
class Hold:
    """The revisions taken back, newest last, and why."""

    withdrawn: tuple[str, ...]
    at: str
    reason: str


def roll_back(home: Home, to: str | None, now: datetime, reason: str) -> Revision:
    """Send readers back to an earlier revision (by default the one before), and withdraw all later ones.

    The hold is written before the switch: cut short between the two, the command is simply given again.
    Raises UserError when there is no earlier one, or the one named is not earlier.
    """
    standing = require_current(home)
    target = find(home, to) if to else _before(home, standing)
    if target.number >= standing.number:
        raise UserError(
            target.name,
            f"is not earlier than the current {standing.name}",
            "minsheng publication release shows the newest again",
        )
    withdrawn = tuple(revision.name for revision in all_revisions(home) if revision.number > target.number)
    hold = Hold(withdrawn, now.isoformat(), reason)
    atomic_write(home.published / _HOLD, json.dumps(asdict(hold), ensure_ascii=False, indent=1).encode())
    point(home, target)
    log(home, now, "rolled back", {"from": standing.name, "to": target.name, "reason": reason})
    return target


def release(home: Home, now: datetime) -> Revision:
    """Give up the hold and send readers to the newest revision; raises UserError when nothing is held."""
    hold = hold_in_force(home)
    if hold is None:
        raise UserError(str(home.published), "nothing is held back", "there is nothing to release")
    newest = find(home, hold.withdrawn[-1])
    point(home, newest)
    (home.published / _HOLD).unlink()
    log(home, now, "released", {"to": newest.name})
    return newest


def hold_in_force(home: Home) -> Hold | None:
    """The hold, as long as the newest revision is one of those withdrawn and readers are not on it."""
    path = home.published / _HOLD
    if not path.exists():
        return None
    written = json.loads(path.read_text(encoding="utf-8"))
    hold = Hold(tuple(written["withdrawn"]), written["at"], written["reason"])
    is_over = all_revisions(home)[-1].name not in hold.withdrawn or require_current(home).name in hold.withdrawn
    return None if is_over else hold


def log(home: Home, now: datetime, event: str, facts: Mapping[str, str]) -> None:
    """Keep what people did to the publication, one line each, in ``published/log.jsonl``."""
    line = json.dumps({"at": now.isoformat(), "event": event, **facts}, ensure_ascii=False)
    with (home.published / _LOG).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
        file.flush()
        os.fsync(file.fileno())


def _before(home: Home, standing: Revision) -> Revision:
    earlier = [revision for revision in all_revisions(home) if revision.number < standing.number]
    if not earlier:
        raise UserError(standing.name, "is the oldest revision kept", "there is none to go back to")
    return earlier[-1]
