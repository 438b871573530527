"""Letters about a second person's signature (docs/adr/0044): asked for, given, taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from minsheng.core.clock import county_time
from minsheng.mail.contacts import signer_of
from minsheng.mail.letters import Addressed, Letter
from minsheng.mail.months import OpenMonth
from minsheng.mail.receipts import read_back
from minsheng.mail.senders import unit_name
from minsheng.plan.run import Run
from minsheng.warehouse.connection import Connection, Row, rows_of
from minsheng.warehouse.signing import Signing, Unsigned, unsigned_reports
from minsheng.words import display
from minsheng.words.filling import fill
from minsheng.words.letter_words import SigningWords

_DECIDED = """
    select decision.decision_no, decision.kind, decision.decided_at, decision.decided_by, decision.reason,
        decision.unit_code, file.file_name, submission.due_at, submission.freeze_at
    from raw.decision as decision
    inner join raw.submission as file using (submission_id)
    inner join staging.stg_submission as submission using (submission_id)
    where decision.plan_id = ? and decision.period = ? and decision.kind in ('signed', 'signature_withdrawn')
    qualify row_number() over (partition by decision.submission_id order by decision.decision_no desc) = 1
    order by decision.decision_no
"""


def signing_requests(connection: Connection, run: Run, enquiries: str) -> Iterator[Addressed]:
    """A letter for every report that waits for its signature, to who signs; with the figures as they were read."""
    waiting = unsigned_reports(connection, [*run.county.plan_ids])
    read = read_back(connection, run, [one.submission_id for one in waiting])
    for one in waiting:
        yield signing_request(run, one, read[one.submission_id], enquiries)


def signing_request(run: Run, report: Unsigned, figures: Sequence[str], enquiries: str) -> Addressed:
    """What is to be confirmed, and how."""
    said = run.wording.signing
    words = {
        "month": display.month_name(report.period),
        "unit_name": unit_name(run, report.plan_id, report.unit_code),
        "name": report.file_name,
        "received": display.moment_in_words(county_time(report.accepted_at)),
        "enquiries": enquiries,
    }
    letter = Letter(fill(said.opening, words), fill(said.closing, words), fill(said.heading, words), tuple(figures))
    identity = request_identity(report.submission_id)
    code = signer_of(report.unit_code)
    return Addressed("signing", report.plan_id, code, report.period, fill(said.subject, words), identity, letter)


def request_identity(submission_id: str) -> tuple[str, ...]:
    """By which the request to sign a report is known."""
    return ("signing", submission_id)


def signing_answer(run: Run, code: str, plan_id: str, period: str | None, key: str, told: str) -> Addressed:
    """What came of a reply: to who wrote it; ``key``: of the reply."""
    said = run.wording.signing
    month = display.month_name(period) if period else ""
    words = {"month": month, "told": told}
    letter = Letter(fill(said.answer, words), "")
    subject = fill(said.answer_subject, words)
    return Addressed("signing", plan_id, code, period, subject, ("signing-answer", key), letter)


def told_of(said: SigningWords, signing: Signing) -> str:
    """What came of a signature, in words: by mail as on the page."""
    words = {"month": display.month_name(signing.period) if signing.period else "", "name": signing.file_name or ""}
    if signing.signed_at:
        words |= {"signed": display.moment_in_words(county_time(signing.signed_at)), "by": signing.signed_by or ""}
    told = fill(getattr(said, signing.result), words)
    return told + (_timing(said, signing.signed_at, signing.due_at, signing.freeze_at) if is_new(signing) else "")


def is_new(signing: Signing) -> bool:
    """Whether it counts since now."""
    return signing.result == "signed"


def _timing(said: SigningWords, at: datetime | None, due_at: datetime | None, freeze_at: datetime | None) -> str:
    """Whether what counts since then is in time."""
    if at is None or due_at is None or freeze_at is None or at <= due_at:
        return ""
    return said.late if at <= freeze_at else said.supplementary


def signatures(connection: Connection, run: Run, month: OpenMonth) -> Iterator[Addressed]:
    """What was decided last about each report: told to who reports, and of one that was taken back to both."""
    for decision in rows_of(connection, _DECIDED, [month.plan.plan_id, str(month.period)]):
        is_signed = decision["kind"] == "signed"
        codes = (decision["unit_code"],) if is_signed else (decision["unit_code"], signer_of(decision["unit_code"]))
        for code in codes:
            yield _decided(run, month, decision, code)


def _decided(run: Run, month: OpenMonth, decision: Row, code: str) -> Addressed:
    said, plan_id, period = run.wording.signing, month.plan.plan_id, str(month.period)
    is_signed = decision["kind"] == "signed"
    words = {
        "month": display.month_name(period),
        "unit_name": unit_name(run, plan_id, decision["unit_code"]),
        "name": decision["file_name"],
        "by": decision["decided_by"],
        "signed": display.moment_in_words(county_time(decision["decided_at"])),
        "reason": decision["reason"],
    }
    told = fill(said.told_signed if is_signed else said.told_withdrawn, words)
    late = _timing(said, decision["decided_at"], decision["due_at"], decision["freeze_at"]) if is_signed else ""
    subject = fill(said.subject_signed if is_signed else said.subject_withdrawn, words)
    identity = ("signature", plan_id, f"{decision['decision_no']}", code)
    return Addressed("signing", plan_id, code, period, subject, identity, Letter(told + late, ""))
