"""``minsheng check``: what would become of a file if it were sent. Stores nothing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from minsheng.core.codes import Verdict
from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.core.layout import require_new
from minsheng.core.period import Period
from minsheng.guard import withheld_reading, withhold
from minsheng.landing import Receipt
from minsheng.mail.answer import forecast_text
from minsheng.parsing.form import read_form
from minsheng.parsing.lexicon import Lexicon, plan_lexicon
from minsheng.plan.models import Plan
from minsheng.source.names import readable_name, sender_code
from minsheng.spreadsheet.container import MAX_BYTES
from minsheng.spreadsheet.opening import ReadBook, book_reader
from minsheng.stages.parse import Parsed, parsed_as, store
from minsheng.validation.finding import Finding
from minsheng.validation.findings import recorded_findings
from minsheng.validation.judge import Judged, is_in_force, judge
from minsheng.warehouse.connection import Connection, open_warehouse
from minsheng.warehouse.copying import copy_raw
from minsheng.warehouse.decisions import state_decisions
from minsheng.warehouse.plan_rows import open_rows, write_plan

# F10 speaks of the folder a file came through; one on a desk has come through none.
_SENDER_UNKNOWN = "F10"


@dataclass(frozen=True)
class Checked:
    """What would become of a file if it were sent."""

    file: str
    unit_code: str | None
    period: str | None
    verdict: Verdict
    findings: tuple[Finding, ...]

    def text(self) -> str:
        """The same for people: every finding in the words of the mail the unit would get."""
        about = " ".join(filter(None, (self.file, self.unit_code, self.period)))
        return f"{about}\n{forecast_text(self.verdict, self.findings)}"


def judge_files(
    files: Sequence[Path], plan: Plan, home: Home | None, period: str | None, moment: datetime
) -> list[Checked]:
    """Judge files as if they were received at ``moment``, each alone; stores nothing.

    With a home, its history and its open months count; without one, every month that has begun is
    taken as open. Of these only ``period``, if given. The sender is the folder a file lies in if
    that is a unit's code, else the unit named inside the file. Raises DamagedError when the home has lost its history.
    """
    if home:
        require_new(home)
    words = plan_lexicon(plan)
    with book_reader() as read_book:
        parsed = [_parse_file(number, file, plan, words, moment, read_book) for number, file in enumerate(files)]
    with open_warehouse(None) as connection:
        has_history = home is not None and home.warehouse.exists()
        if home is not None and has_history:
            copy_raw(home.warehouse, connection)
        write_plan(connection, plan)
        if home is not None:
            state_decisions(connection, home, [plan.plan_id], moment)
        for month in () if has_history else _months_begun(plan, period, moment):
            open_rows(connection, plan, month, moment)
        if period is not None:
            connection.execute("delete from raw.period where period <> ?", [str(Period.parse(period))])
        shown = [readable_name(os.fsencode(file.as_posix())) for file in files]
        return judge_parsed(connection, parsed, shown, words.unit_codes)


def judge_parsed(
    connection: Connection, parsed: Sequence[Parsed], shown: Sequence[str], unit_codes: frozenset[str]
) -> list[Checked]:
    """Store files beside the history of this connection and judge them, each alone; ``shown``: what each is called."""
    store(connection, parsed)
    judged = judge(connection, [one.receipt.submission_id for one in parsed])
    in_force = [is_in_force(connection, one.receipt, one.reading.period) for one in parsed]
    sent = [one.receipt.unit_code in unit_codes for one in parsed]
    return [_checked(*each) for each in zip(shown, parsed, judged, in_force, sent, strict=True)]


def _parse_file(number: int, file: Path, plan: Plan, words: Lexicon, moment: datetime, read_book: ReadBook) -> Parsed:
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)  # one more says that it is too large
    except OSError as error:
        raise UserError("file_unreadable", file, reason=error.strerror) from error
    name = readable_name(os.fsencode(file.name))
    book = read_book(content)
    withheld = withhold(book, name, words)
    reading = withheld_reading(withheld) if withheld else read_form(book, name, words)
    folder = sender_code(readable_name(os.fsencode(file.resolve().parent.name)))
    sender = folder if folder in words.unit_codes else reading.stated_unit or folder
    digest = sha256(content).hexdigest()
    # Not the id it would have when sent: it may lie in the history already. Nor the same moment as the others:
    # they are not one delivery.
    received_at = moment + timedelta(microseconds=number)
    receipt = Receipt(f"check-{number:06d}", plan.plan_id, sender, name, digest, len(content), received_at)
    return parsed_as(receipt, reading, plan)


def _months_begun(plan: Plan, period: str | None, moment: datetime) -> list[Period]:
    if period is not None:
        return [Period.parse(period)]
    months = [Period(plan.year, month) for month in range(1, 13)]
    return [month for month in months if month.first_day <= moment.date()]


def _checked(file: str, one: Parsed, judged: Judged, is_known: bool, is_sent: bool) -> Checked:
    """``is_sent``: whether it is known through which unit's folder the file would come."""
    receipt = one.receipt
    if is_known:
        return Checked(file, receipt.unit_code, one.reading.period, "duplicate", ())
    findings = tuple(each for each in judged.findings if is_sent or each.rule != _SENDER_UNKNOWN)
    return Checked(file, receipt.unit_code, one.reading.period, judged.verdict, findings)


def recorded_check(connection: Connection, receipt: Receipt) -> Checked | None:
    """What the stages have decided about a submission."""
    key = [receipt.submission_id]
    query = """
        select period, verdict
        from raw.submission
        inner join raw.verdict using (submission_id)
        where submission_id = ?
    """
    row = connection.execute(query, key).fetchone()
    if row is None:
        return None
    found = recorded_findings(connection, key).get(receipt.submission_id, ())
    return Checked(receipt.file_name, receipt.unit_code, row[0], row[1], tuple(found))
