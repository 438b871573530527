"""Mails written in the transaction of a verdict, rendered as files afterwards; rendering again changes nothing."""

from __future__ import annotations

from pathlib import Path

from etl.files import atomic_write
from etl.home import Home
from etl.judging.findings import Finding
from etl.landing import Receipt, content_path
from etl.mail.answer import Answer, answer_html, answer_text, subject
from etl.mail.contacts import Contacts
from etl.mail.delivery import Attachment, Mail, compose, pending, sent, unaddressed
from etl.outcome import Outcome
from etl.run import Run
from etl.warehouse.connection import Connection

_KINDS = {"accepted": "receipt", "rejected": "rejection", "duplicate": "duplicate"}


def mail_row(run: Run, receipt: Receipt, period: str | None, verdict: str) -> dict[str, object]:
    """The row of ``raw.mail`` that answers a submission; its id is the submission's: one file, one answer."""
    answer = Answer(unit_name(run, receipt.unit_code), period, receipt.file_name, receipt.received_at, verdict)
    return {
        "mail_id": receipt.submission_id,
        "plan_id": receipt.plan_id,
        "unit_code": receipt.unit_code,
        "kind": _KINDS[verdict],
        "subject": subject(answer),
        "queued_at": run.as_of,
    }


def unit_name(run: Run, unit_code: str) -> str:
    """The unit's name in the plan; the code itself for a sender the plan does not know."""
    return {unit.code: unit.name for unit in run.plan.units}.get(unit_code, unit_code)


def render_outbox(connection: Connection, run: Run, contacts: Contacts | None) -> list[Outcome]:
    """Write the .eml of every answer that has none yet; one without addresses waits in ``unaddressed/``."""
    outcomes = []
    for mail_id, unit_code in _unrendered(connection, run, contacts):
        mail = _mail(connection, run, mail_id)
        folder = "pending" if contacts else "unaddressed"
        atomic_write(_path(run.home, folder, unit_code, mail_id), compose(mail, contacts))
        if contacts:
            _path(run.home, "unaddressed", unit_code, mail_id).unlink(missing_ok=True)
        detail = "" if contacts else "没有通讯录，邮件留在 outbox/unaddressed"
        outcomes.append(Outcome(f"mail/{unit_code}/{mail_id}", "queued" if contacts else "unaddressed", detail))
    return outcomes


def _unrendered(connection: Connection, run: Run, contacts: Contacts | None) -> list[tuple[str, str]]:
    done = [*pending(run.home), *sent(run.home), *([] if contacts else unaddressed(run.home))]
    have = {path.stem for path in done}
    query = """
        select mail_id, mail.unit_code
        from raw.mail
        inner join raw.submission on mail.mail_id = submission.submission_id
        where mail.plan_id = ?
        order by queued_at, mail.unit_code, mail_id
    """
    rows = connection.execute(query, [run.plan.plan_id]).fetchall()
    return [(mail_id, unit_code) for mail_id, unit_code in rows if mail_id not in have]


def _path(home: Home, folder: str, unit_code: str, mail_id: str) -> Path:
    return home.outbox / folder / unit_code / f"{mail_id}.eml"


def _mail(connection: Connection, run: Run, mail_id: str) -> Mail:
    query = """
        select submission.unit_code, file_name, sha256, received_at, period, verdict, subject, queued_at
        from raw.submission
        inner join raw.verdict on submission.submission_id = verdict.submission_id
        inner join raw.mail on submission.submission_id = mail.mail_id
        where submission.submission_id = ?
    """
    row = connection.execute(query, [mail_id]).fetchone()
    if row is None:
        raise LookupError(mail_id)
    unit_code, file_name, sha256, received_at, period, verdict, title, queued_at = row
    name = unit_name(run, unit_code)
    answer = Answer(name, period, file_name, received_at, verdict, _findings(connection, mail_id))
    original = _original(run, file_name, sha256) if any(one.severity != "note" for one in answer.findings) else ()
    return Mail(mail_id, unit_code, name, title, answer_text(answer), answer_html(answer), queued_at, original)


def _findings(connection: Connection, submission_id: str) -> tuple[Finding, ...]:
    query = """
        select rule_code, severity, sheet_name, cell_ref, found, message, remedy
        from raw.finding
        where submission_id = ?
        order by finding_no
    """
    return tuple(Finding(*row) for row in connection.execute(query, [submission_id]).fetchall())


def _original(run: Run, file_name: str, sha256: str) -> tuple[Attachment, ...]:
    content = content_path(run.home, run.plan.plan_id, sha256).read_bytes()
    return (Attachment(file_name, content),)
