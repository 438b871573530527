"""The outbox as files: every mail that has a row and has not gone is rendered; rendering again changes nothing.

docs/adr/0005 says why a mail is a row first, then a file, then sent.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath

from minsheng.core.codes import MailState
from minsheng.core.errors import DamagedError
from minsheng.core.files import atomic_write, remove
from minsheng.core.outcome import Outcome
from minsheng.landing import find_receipt, read_content
from minsheng.landing.books import landed_book
from minsheng.mail.answer import Answer, Answered, answer_text
from minsheng.mail.contacts import Contacts
from minsheng.mail.folders import STATES, mail_path, mails
from minsheng.mail.letters import Letter, html_of, read_letters, text_of
from minsheng.mail.marking import MarkUp, marker
from minsheng.mail.message import Attachment, Mail, compose
from minsheng.mail.page import answer_html
from minsheng.mail.receipts import read_back
from minsheng.mail.senders import thread_of, to_data_team, unit_name
from minsheng.plan.run import Run
from minsheng.spreadsheet.opening import ReadBook, book_reader
from minsheng.validation.findings import recorded_findings
from minsheng.warehouse.connection import Connection

log = logging.getLogger(__name__)
_NO_WORKBOOK = "{path} 不见了，邮件留待重新制作以后发出：请再运行一次该月的开月任务"
_OUR_DAMAGE = "本系统留存的原件丢失或已损坏，邮件留待修复后发出，见 minsheng verify"


@dataclass(frozen=True)
class _Row:
    """A mail that waits to be rendered."""

    mail_id: str
    plan_id: str
    unit_code: str
    period: str | None
    subject: str
    queued_at: datetime


@dataclass(frozen=True)
class _File:
    """A file that a mail answers."""

    submission_id: str
    plan_id: str
    sha256: str
    reading: str
    answered: Answered


def render_outbox(connection: Connection, run: Run, contacts: Contacts | None) -> list[Outcome]:
    """Write the .eml of every mail that has none yet; one without addresses waits in ``unaddressed/``.

    A workbook we fail to mark up is an outcome ``failed``, and its mail goes without it. A mail about a file whose
    bytes we have not kept as they came is ``failed`` and waits until they are restored.
    """
    rows = _unrendered(connection, run, contacts)
    if not rows:
        return []
    ids = [row.mail_id for row in rows]
    letters, files = read_letters(connection, ids), _files(connection, run, ids)
    written: list[_Row] = []
    failed: list[Outcome] = []
    with book_reader() as read_book, marker() as mark_up:
        for row in rows:
            try:
                if row.mail_id in letters:
                    mail = _letters_mail(run, row, letters[row.mail_id])
                else:
                    marked_up = [_marked_up(run, row, file, read_book, mark_up) for file in files[row.mail_id]]
                    failed += (one for one in marked_up if isinstance(one, Outcome))
                    mail = _answer_mail(run, row, files[row.mail_id], marked_up)
            except (DamagedError, FileNotFoundError) as error:
                failed.append(_not_written(row, error))
                continue
            _write(run, mail, contacts)
            written.append(row)
    return [*_outcomes(written, contacts), *failed]


def _write(run: Run, mail: Mail, contacts: Contacts | None) -> None:
    state: MailState = "pending" if contacts else "unaddressed"
    atomic_write(mail_path(run.home, state, mail.unit_code, mail.mail_id), compose(mail, contacts))
    if contacts:
        remove(mail_path(run.home, "unaddressed", mail.unit_code, mail.mail_id))


def _outcomes(written: Sequence[_Row], contacts: Contacts | None) -> list[Outcome]:
    if contacts:
        return [Outcome(_label(row), "queued") for row in written]
    return [Outcome(_label(row), "unaddressed", "没有通讯录，邮件留在 outbox/unaddressed") for row in written]


def _not_written(row: _Row, error: DamagedError | FileNotFoundError) -> Outcome:
    """What is missing: bytes of ours, or the workbook that is to go along."""
    if isinstance(error, DamagedError):
        log.error("%s", error)
        return Outcome(_label(row), "failed", f"{row.unit_code}：{_OUR_DAMAGE}")
    return Outcome(_label(row), "failed", f"{row.unit_code}：{_NO_WORKBOOK.format(path=error.filename)}")


def _label(row: _Row) -> str:
    return f"mail/{row.unit_code}/{row.mail_id}"


def _unrendered(connection: Connection, run: Run, contacts: Contacts | None) -> list[_Row]:
    """What the warehouse knows as settled is not written again, even if the outbox has been lost.

    A receipt waits until what it tells has been built.
    """
    waits = {"unaddressed"} if contacts else set()
    have = {eml.stem for state in STATES if state not in waits for eml in mails(run.home, state)}
    query = """
        select mail_id, plan_id, unit_code, period, subject, queued_at
        from staging.stg_mail
        where list_contains(?, plan_id) and is_ready and sent_at is null and refused_at is null
        order by queued_at, unit_code, mail_id
    """
    rows = [_Row(*row) for row in connection.execute(query, [run.county.plan_ids]).fetchall()]
    return [row for row in rows if row.mail_id not in have]


def _files(connection: Connection, run: Run, mail_ids: Sequence[str]) -> dict[str, list[_File]]:
    """The files each mail answers, in the order of their arrival, with what was found in them."""
    query = """
        select answered.mail_id, submission_id, plan_id, sha256, reading, due_at, counted_at is null, period, file_name,
            received_at, file.verdict
        from raw.verdict as answered
        inner join staging.stg_submission as file using (submission_id)
        where list_contains(?, answered.mail_id)
        order by received_at, period nulls last, delivery_order, file_name, submission_id
    """
    rows = connection.execute(query, [list(mail_ids)]).fetchall()
    found = recorded_findings(connection, [row[1] for row in rows])
    accepted = read_back(connection, run, [row[1] for row in rows if row[-1] == "accepted"])
    files: dict[str, list[_File]] = {mail_id: [] for mail_id in mail_ids}
    for mail_id, submission_id, plan_id, sha256, reading, due_at, is_uncounted, *told in rows:
        figures = accepted.get(submission_id, ())
        faults = tuple(found.get(submission_id, ()))
        answered = replace(Answered(*told), findings=faults, figures=figures, due_at=due_at, is_unsigned=is_uncounted)
        files[mail_id].append(_File(submission_id, plan_id, sha256, reading, answered))
    return files


def _letters_mail(run: Run, row: _Row, brought: Mapping[str, Letter]) -> Mail:
    """What answers no file; raises FileNotFoundError when a workbook that is to go along is not there."""
    name, letters = unit_name(run, row.plan_id, row.unit_code), [*brought.values()]
    attached = _told_apart([workbook for letter in letters for workbook in letter.attachments(run.home)])
    told = text_of(name, letters), html_of(name, letters)
    return _mail(run, row, *told, tuple(filter(None, attached)), tuple(brought))


def _answer_mail(run: Run, row: _Row, files: Sequence[_File], marked_up: Sequence[Attachment | Outcome | None]) -> Mail:
    attachments = _told_apart([one if isinstance(one, Attachment) else None for one in marked_up])
    told = tuple(
        replace(file.answered, marked_up=attachment.name if attachment else None)
        for file, attachment in zip(files, attachments, strict=True)
    )
    answer = Answer(unit_name(run, row.plan_id, row.unit_code), told, run.wording.answer)
    sent_along = tuple(filter(None, attachments))
    answers = tuple(file.submission_id for file in files)
    return _mail(run, row, answer_text(answer), answer_html(answer), sent_along, answers)


def _mail(
    run: Run, row: _Row, text: str, html: str, attachments: tuple[Attachment, ...], answers: tuple[str, ...]
) -> Mail:
    return Mail(
        row.mail_id,
        row.unit_code,
        to_data_team(run, row.plan_id, row.unit_code),
        row.subject,
        text,
        html,
        row.queued_at,
        f"{run.county.title}民生实事数据组",
        attachments,
        answers,
        thread_of(run, row.plan_id, row.unit_code, row.period),
    )


def _marked_up(run: Run, row: _Row, file: _File, read_book: ReadBook, mark_up: MarkUp) -> Attachment | Outcome | None:
    """The unit's workbook with its faults marked; None: accepted, not a workbook, or its bytes were not kept.

    Nor of a csv whose columns have shifted: drawn anew it would look as if they stood where they belong. An outcome
    where marking up has raised what it never should: that may not hold back this mail and all after it.
    """
    if file.answered.verdict != "rejected" or file.reading == "ragged" or _is_withheld(run, file):
        return None
    content = read_content(run.home, file.plan_id, file.sha256)
    name = f"{row.unit_code}/{file.answered.file_name}"
    try:
        book = landed_book(run.home, file.plan_id, file.sha256, read_book)
        return mark_up(content, book, file.answered.file_name, file.answered.findings, row.queued_at)
    except Exception:
        log.exception("cannot mark up %s", name)
        detail = f"{name}：标注附件时程序出错，邮件未附标注后的表；详见运行日志"
        return Outcome(f"markup/{row.unit_code}/{file.submission_id}", "failed", detail)


def _is_withheld(run: Run, file: _File) -> bool:
    receipt = find_receipt(run.home, file.plan_id, file.submission_id)
    return receipt is not None and receipt.withheld is not None


def _told_apart(attachments: Sequence[Attachment | None]) -> list[Attachment | None]:
    """Names that are all different: 5月.xlsx and 5月.csv come back under one."""
    seen: Counter[str] = Counter()
    named: list[Attachment | None] = []
    for attachment in attachments:
        if attachment:
            seen[attachment.name] += 1
            path = PurePosixPath(attachment.name)
            number = seen[attachment.name]
            attachment = attachment if number == 1 else replace(attachment, name=f"{path.stem}{number}{path.suffix}")
        named.append(attachment)
    return named
