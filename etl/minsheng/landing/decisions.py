"""What people have decided of a plan's months and rules: dated, with who and why (docs/adr/0038).

``landing/<plan>/decisions/0001.json`` is the first. None is ever changed or taken out; what takes one back is a later
decision of its own. What is judged at a moment is judged by those of before, in a run as in a recovery.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime

from minsheng.core.clock import county_time
from minsheng.core.codes import DecisionKind
from minsheng.core.errors import DamagedError, UserError
from minsheng.core.files import atomic_write, locked, make_folder
from minsheng.core.home import Home
from minsheng.core.notes import Note, UnreadableError
from minsheng.landing.receipts import receipts


@dataclass(frozen=True)
class Decision:
    """One decision: of the rule ``rule_code``, or of a month, ``unit_code`` null: for every unit of it."""

    kind: DecisionKind
    decided_at: AwareDatetime
    decided_by: str
    reason: str
    document_no: str | None = None
    rule_code: str | None = None
    period: str | None = None
    unit_code: str | None = None
    until_at: AwareDatetime | None = None
    indicator_code: str | None = None
    submission_id: str | None = None


_DECISION = Note(Decision)


def land_decision(home: Home, plan_id: str, decision: Decision) -> int:
    """Keep a decision behind those before it, and give its number.

    Raises UserError for one of a moment before the last, or before a file that has come: what was judged since knew
    nothing of it.
    """
    folder = home.landing / plan_id / "decisions"
    make_folder(folder)
    with locked(folder):  # of two people who decide at once the second would take the number of the first
        _require_in_order(home, plan_id, decision.decided_at)
        number = max((int(path.stem) for path in decision_files(home, plan_id)), default=0) + 1
        atomic_write(folder / f"{number:04}.json", _DECISION.written(decision))
    return number


def _require_in_order(home: Home, plan_id: str, moment: datetime) -> None:
    last = max((one.decided_at for one in decisions(home, plan_id)), default=moment)
    if moment < last:
        raise UserError("decision_before_last", "--as-of", moment=_minute(moment), last=_minute(last))
    newest = max((one.received_at for one in receipts(home, plan_id)), default=moment)
    if moment < newest:
        raise UserError("decision_before_received", "--as-of", moment=_minute(moment), last=_minute(newest))


def decisions(home: Home, plan_id: str) -> list[Decision]:
    """Every decision of a plan, in order; raises DamagedError when one of them can no longer be read."""
    return [read_decision(path) for path in decision_files(home, plan_id)]


def decisions_at(home: Home, plan_id: str, moment: datetime) -> list[Decision]:
    """Those that had been made by a moment."""
    return [one for one in decisions(home, plan_id) if one.decided_at <= moment]


def decision_files(home: Home, plan_id: str) -> list[Path]:
    """Where the decisions of a plan lie."""
    return sorted((home.landing / plan_id / "decisions").glob("*.json"))


def read_decision(path: Path) -> Decision:
    """One decision; raises DamagedError when it can no longer be read."""
    try:
        return _DECISION.read(path)
    except UnreadableError as error:
        raise DamagedError("decision_damaged", path, reason=error) from error


def _minute(moment: datetime) -> str:
    return f"{county_time(moment):%Y-%m-%d %H:%M}"
