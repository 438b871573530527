"""Waivers on record: which rule a unit is excused from, why, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from minsheng.warehouse.connection import Connection


@dataclass(frozen=True)
class InForce:
    """A waiver that holds for one submission. ``indicator_code`` null: for every indicator of the unit."""

    submission_id: str
    rule_code: str
    indicator_code: str | None
    reason: str
    document_no: str
    expires_on: date

    @property
    def words(self) -> str:
        """What a finding says of it, after its message."""
        until = f"{self.expires_on:%Y-%m-%d}"
        return f"（已按{self.document_no}豁免，理由：{self.reason}；{until}（含）以前收到的有效。）"


def read_waivers(connection: Connection, submission_ids: Sequence[str]) -> tuple[InForce, ...]:
    """The waivers that hold for these submissions, in a fixed order."""
    rows = connection.execute(
        """
        select submission_id, rule_code, indicator_code, reason, document_no, expires_on
        from facts.waiver
        where list_contains(?, submission_id)
        order by submission_id, rule_code, indicator_code nulls last, expires_on desc, document_no
        """,
        [list(submission_ids)],
    ).fetchall()
    return tuple(InForce(*row) for row in rows)


def waiver_for(
    waivers: Iterable[InForce], submission_id: str, rule_code: str, indicator_code: str | None
) -> InForce | None:
    """The waiver a fault falls under: one for its indicator before one for all, else none."""
    return next(
        (
            waiver
            for waiver in waivers
            if (waiver.submission_id, waiver.rule_code) == (submission_id, rule_code)
            and waiver.indicator_code in (None, indicator_code)
        ),
        None,
    )
