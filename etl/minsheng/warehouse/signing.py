"""What may be signed, and what a signature comes to: every case has an answer of its own (docs/adr/0044).

A report counts when the second person of its unit has confirmed it, where the plan asks for that. The signature is a
decision in landing; whoever asks here has made ``raw.decision`` say what had been decided by then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from minsheng.core.home import Home
from minsheng.landing.decisions import Decision, land_decision
from minsheng.warehouse.connection import Connection, rows_of

# ``signed``: it counts now. All others change nothing: signed before; a later report has taken its place; accepted
# figures of a closed month stay; the plan asks for no signature; there is no such accepted report.
SignatureResult = Literal["signed", "again", "replaced", "closed", "not_asked", "unknown"]

_REPORT = """
    select
        submission.submission_id, submission.plan_id, submission.period, submission.unit_code, file.file_name,
        submission.verdict, submission.due_at, submission.freeze_at, signature.signed_at, signature.signed_by,
        submission.counted_at is not null as is_counted,
        unsigned.submission_id is not null as is_awaited,
        closed.period is not null and counted.submission_id is not null as is_closed
    from staging.stg_submission as submission
    inner join raw.submission as file using (submission_id)
    left join staging.stg_signature as signature using (submission_id)
    left join staging.stg_unsigned as unsigned using (submission_id)
    left join staging.stg_month_closed as closed
        on submission.plan_id = closed.plan_id and submission.period = closed.period
    left join staging.stg_counted as counted
        on
            submission.plan_id = counted.plan_id
            and submission.period = counted.period
            and submission.unit_code = counted.unit_code
            and counted.is_current
    where file.unit_code = $unit_code and submission.submission_id = $submission_id
"""
_UNSIGNED = """
    select unsigned.submission_id, unsigned.plan_id, unsigned.period, file.unit_code, unsigned.file_name,
        unsigned.accepted_at
    from staging.stg_unsigned as unsigned
    inner join raw.submission as file using (submission_id)
    where list_contains($plan_ids, unsigned.plan_id) and coalesce(file.unit_code = $unit_code, $unit_code is null)
    order by unsigned.period, unsigned.submission_id
"""


@dataclass(frozen=True)
class Unsigned:
    """A report that waits for its signature; ``unit_code``: who sent it."""

    submission_id: str
    plan_id: str
    period: str
    unit_code: str
    file_name: str
    accepted_at: datetime


@dataclass(frozen=True)
class Signer:
    """Who signs, how that is told, and when; ``document_no``: of the paper it stands on, if there is one."""

    unit_code: str
    name: str
    reason: str
    at: datetime
    document_no: str | None = None


@dataclass(frozen=True)
class Signing:
    """What came of it. ``signed_at``, ``signed_by``: of the signature that holds, null: there is none.

    ``period`` null: nobody knows such a report. ``number``: the decision's, where one was made.
    """

    result: SignatureResult
    plan_id: str | None = None
    period: str | None = None
    file_name: str | None = None
    signed_at: datetime | None = None
    signed_by: str | None = None
    due_at: datetime | None = None
    freeze_at: datetime | None = None
    number: int | None = None


def unsigned_reports(connection: Connection, plan_ids: list[str], unit_code: str | None = None) -> list[Unsigned]:
    """The reports that wait to be signed, of one unit or of all."""
    rows = rows_of(connection, _UNSIGNED, {"plan_ids": plan_ids, "unit_code": unit_code})
    return [Unsigned(**row) for row in rows]


def sign(connection: Connection, home: Home, submission_id: str, signer: Signer) -> Signing:
    """Sign a report of the signer's unit, and say what came of it.

    Raises UserError for a moment before the last decision, or before a file that has come.
    """
    keys = {"unit_code": signer.unit_code, "submission_id": submission_id}
    row = next(iter(rows_of(connection, _REPORT, keys)), None)
    if row is None or row["verdict"] != "accepted":
        return Signing("unknown")
    result = _result(row)
    told = {name: row[name] for name in ("plan_id", "period", "file_name", "due_at", "freeze_at")}
    if result != "signed":
        return Signing(result, **told, signed_at=row["signed_at"], signed_by=row["signed_by"])
    decision = Decision(
        "signed",
        signer.at,
        signer.name,
        signer.reason,
        signer.document_no,
        period=row["period"],
        unit_code=signer.unit_code,
        submission_id=submission_id,
    )
    number = land_decision(home, row["plan_id"], decision)
    return Signing("signed", **told, signed_at=signer.at, signed_by=signer.name, number=number)


def _result(row: dict[str, object]) -> SignatureResult:
    if row["signed_at"]:
        return "again"
    if row["is_counted"]:
        return "not_asked"
    if not row["is_awaited"]:
        return "replaced"
    return "closed" if row["is_closed"] else "signed"
