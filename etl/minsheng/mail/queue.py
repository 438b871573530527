"""Mails as rows, written in the transaction of the verdicts they report: one for each unit and run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from minsheng.core.codes import MailKind, Verdict
from minsheng.core.home import Home
from minsheng.landing import Receipt
from minsheng.mail.answer import Answer, Answered, subject
from minsheng.mail.folders import STATES, mails
from minsheng.mail.message import answered
from minsheng.mail.senders import unit_name
from minsheng.plan.run import Run

# What the mail is, by the weightiest verdict in it.
_KINDS: Mapping[Verdict, MailKind] = {"rejected": "rejection", "accepted": "receipt", "duplicate": "duplicate"}


@dataclass(frozen=True)
class JudgedFile:
    """One file judged in this run; ``is_flawless``: accepted without a single finding."""

    receipt: Receipt
    period: str | None
    verdict: Verdict
    is_flawless: bool


@dataclass(frozen=True)
class Queued:
    """A row of ``raw.mail``, and the submissions it answers."""

    row: Mapping[str, object]
    submission_ids: tuple[str, ...]


def queue_mails(run: Run, judged: Sequence[JudgedFile], *, fresh: bool = True) -> list[Queued]:
    """One mail a unit about all its files of this run; none about flawless ones alone, unless receipts are wanted.

    What a mail in the outbox has answered already, which is so when a warehouse is made anew, stays with that mail;
    without ``fresh`` there are no others.
    """
    by_unit: dict[str, list[JudgedFile]] = {}
    for file in judged:
        by_unit.setdefault(file.receipt.unit_code, []).append(file)
    return [_row(run, *mail) for unit in sorted(by_unit) for mail in _mails(run, unit, by_unit[unit], fresh=fresh)]


def _mails(run: Run, unit_code: str, files: list[JudgedFile], *, fresh: bool) -> Iterable[tuple[str, list[JudgedFile]]]:
    """Mail ids with the files each answers."""
    known = answered_before(run.home, unit_code)
    by_mail: dict[str, list[JudgedFile]] = {}
    for file in files:
        if file.receipt.submission_id in known:
            by_mail.setdefault(known[file.receipt.submission_id], []).append(file)
    unanswered = [file for file in files if fresh and file.receipt.submission_id not in known]
    if any(not file.is_flawless or run.county.plan(file.receipt.plan_id).sends_receipts for file in unanswered):
        by_mail[_mail_id(unanswered)] = unanswered
    return by_mail.items()


def answered_before(home: Home, unit_code: str) -> dict[str, str]:
    """Submission, or letter, to the mail that answers or brings it, of every mail in the outbox.

    Mails move while we look: what has gone from ``pending`` turns up in a later folder, and what was taken back from
    ``refused`` in ``pending``, which is therefore listed once more.
    """
    known: dict[str, str] = {}
    for state in (*STATES, "pending"):
        for eml in mails(home, state, unit_code):
            with suppress(FileNotFoundError), eml.open("rb") as mail:
                known |= dict.fromkeys(answered(mail), eml.stem)
    return known


def _mail_id(files: Iterable[JudgedFile]) -> str:
    """Made from what is answered: the same files are answered by the same mail, however often they are judged."""
    identity = "\n".join(sorted(file.receipt.submission_id for file in files))
    return hashlib.sha256(identity.encode()).hexdigest()[:16]


def _row(run: Run, mail_id: str, files: Sequence[JudgedFile]) -> Queued:
    unit_code, plan_id = files[0].receipt.unit_code, max(one.receipt.plan_id for one in files)
    told = tuple(Answered(one.period, one.receipt.file_name, one.receipt.received_at, one.verdict) for one in files)
    verdicts = {one.verdict for one in files}
    row = {
        "mail_id": mail_id,
        "plan_id": plan_id,
        "unit_code": unit_code,
        "period": max((one.period for one in files if one.period), default=None),
        "kind": next(kind for verdict, kind in _KINDS.items() if verdict in verdicts),
        "subject": subject(Answer(unit_name(run, plan_id, unit_code), told, run.wording.answer)),
        "queued_at": run.as_of,
    }
    return Queued(row, tuple(one.receipt.submission_id for one in files))
