"""The doubts about files in force, and what was decided of the units' explanations, in the warehouse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from minsheng.core.codes import ExplanationState
from minsheng.core.home import Home
from minsheng.landing.reviews import Doubt, Review, reviews
from minsheng.warehouse.connection import Connection, append

_REVIEWS = "raw.explanation_review"
_ASKED = """
    select
        version.plan_id, version.period, version.unit_code, finding.rule_code, finding.about, finding.message,
        finding.explanation, finding.submission_id, finding.finding_no
    from raw.finding as finding
    inner join staging.stg_version as version
        on finding.submission_id = version.submission_id
    where version.plan_id = ? and finding.asks_why
"""
_OPEN = """
    select
        plan_id, period, unit_code, rule_code, about, message, explanation, submission_id, finding_no,
        sheet_name, cell_ref, explanation_state, reviewed_by, reason
    from staging.stg_doubt
    where list_contains(?, plan_id)
    order by period, unit_code, submission_id, finding_no
"""


@dataclass(frozen=True)
class StandingDoubt:
    """A doubt about a file in force, where it stands, and how far its explanation has got."""

    doubt: Doubt
    submission_id: str
    finding_no: int
    sheet: str | None
    cell: str | None
    state: ExplanationState
    reviewed_by: str | None
    reason: str | None

    @property
    def reference(self) -> str:
        """By what the data team names it: ``3f2a…-2``."""
        return f"{self.submission_id}-{self.finding_no}"


def state_reviews(connection: Connection, home: Home, plan_ids: Sequence[str], as_of: datetime) -> None:
    """Make the table say what was decided by a moment, inside the caller's transaction: of each doubt the last word."""
    connection.execute(f"delete from {_REVIEWS}")
    for plan_id in plan_ids:
        last = {note.doubt: note for note in reviews(home, plan_id) if note.reviewed_at <= as_of}
        if last:
            append(connection, _REVIEWS, _rows(connection, plan_id, last))


def standing_doubts(connection: Connection, plan_ids: Sequence[str]) -> list[StandingDoubt]:
    """Every doubt about the files in force, month by month and unit by unit."""
    rows = connection.execute(_OPEN, [list(plan_ids)]).fetchall()
    return [StandingDoubt(Doubt(*row[:7]), *row[7:]) for row in rows]


def _rows(connection: Connection, plan_id: str, last: dict[Doubt, Review]) -> Iterator[dict[str, object]]:
    for *words, submission_id, finding_no in connection.execute(_ASKED, [plan_id]).fetchall():
        if note := last.get(Doubt(*words)):
            yield {
                "submission_id": submission_id,
                "finding_no": finding_no,
                "review_code": note.review_code,
                "reviewed_by": note.reviewed_by,
                "reason": note.reason,
                "reviewed_at": note.reviewed_at,
            }
