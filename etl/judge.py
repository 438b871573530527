"""Judging files: all submissions of a round in one batch, and single files before they are sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from etl import sqlfiles
from etl.answer import forecast_text
from etl.errors import UserError
from etl.expectations import evaluate
from etl.facts import read_facts
from etl.findings import Finding, findings, read_places
from etl.home import Home
from etl.landing import Receipt
from etl.period import Period
from etl.plan.models import Plan
from etl.plan.rows import open_rows, write_plan
from etl.reader import Lexicon, Reading, read_form
from etl.repository import RULES
from etl.rules import load_rules
from etl.stages.parse import Parsed, plan_lexicon, store
from etl.warehouse import Connection, open_to_read, open_warehouse


@dataclass(frozen=True)
class Judged:
    """What validation decided about one submission. ``unjudged``: how often each rule could not be held against it."""

    submission_id: str
    findings: tuple[Finding, ...]
    unjudged: Mapping[str, int]

    @property
    def verdict(self) -> str:
        """``accepted`` unless something must be put right."""
        return "rejected" if self.count("reject") else "accepted"

    def count(self, severity: str) -> int:
        """How many findings of this severity."""
        return sum(finding.severity == severity for finding in self.findings)


@dataclass(frozen=True)
class Checked:
    """What would become of a file if it were sent."""

    file: str
    unit_code: str | None
    period: str | None
    verdict: str
    findings: tuple[Finding, ...]

    def text(self) -> str:
        """The same for people: every finding in the words of the mail the unit would get."""
        about = " ".join(filter(None, (self.file, self.unit_code, self.period)))
        return f"{about}\n{forecast_text(self.verdict, self.findings)}"


def judge(connection: Connection, submission_ids: Sequence[str]) -> list[Judged]:
    """Hold stored submissions against all rules, in one batch and in the order given."""
    book = load_rules(RULES)
    facts = read_facts(connection, submission_ids)
    judgements = evaluate(facts, book.rules)
    found = findings(facts, judgements, read_places(connection, list(submission_ids)))
    owner = facts["submission_id"]
    unjudged: dict[str, Counter[str]] = {submission_id: Counter() for submission_id in submission_ids}
    for judgement in judgements:
        for fact_id in judgement.unjudged:
            unjudged[owner[fact_id]][judgement.rule.code] += 1
    return [
        Judged(submission_id, tuple(found.get(submission_id, ())), unjudged[submission_id])
        for submission_id in submission_ids
    ]


def is_in_force(connection: Connection, receipt: Receipt, period: str | None) -> bool:
    """Whether these bytes are what was last accepted from the unit for the month, under whatever name.

    A rejected file sent again is judged again: what it was held against may have changed.
    """
    query = """
        select sha256
        from raw.submission
        inner join raw.verdict using (submission_id)
        where plan_id = ? and unit_code = ? and period = ? and verdict = 'accepted'
        order by accepted_at desc, file_name desc, submission_id desc
        limit 1
    """
    key = [receipt.plan_id, receipt.unit_code, period]
    return connection.execute(query, key).fetchone() == (receipt.sha256,)


def judge_files(
    files: Sequence[Path], plan: Plan, home: Home | None, period: str | None, moment: datetime
) -> list[Checked]:
    """Judge files as if they were received at ``moment``; stores nothing.

    With a home, its history and its open months count; without one, every month that has begun is
    taken as open. Of these only ``period``, if given. The sender is the folder a file lies in if that is a unit's code,
    else the unit named inside the file.
    """
    words = plan_lexicon(plan)
    parsed = [_parse_file(number, file, plan, words, moment) for number, file in enumerate(files)]
    with open_warehouse(None) as connection:
        has_history = home is not None and home.warehouse.exists() and _copy_history(connection, home)
        write_plan(connection, plan)
        for month in () if has_history else _months_begun(plan, period, moment):
            open_rows(connection, plan, month, moment)
        if period is not None:
            connection.execute("delete from raw.period where period <> ?", [str(Period.parse(period))])
        store(connection, parsed)
        judged = judge(connection, [one.receipt.submission_id for one in parsed])
        in_force = [is_in_force(connection, one.receipt, one.reading.period) for one in parsed]
    return [_checked(*each) for each in zip(parsed, judged, in_force, strict=True)]


def _parse_file(number: int, file: Path, plan: Plan, words: Lexicon, moment: datetime) -> Parsed:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UserError(str(file), f"cannot be read ({error.strerror})", "name files that are there") from error
    reading = read_form(content, file.name, words)
    folder = file.resolve().parent.name
    sender = folder if folder in words.unit_codes else _stated_unit(reading) or folder
    digest = sha256(content).hexdigest()
    # Not the id it would have when sent: it may lie in the history already.
    receipt = Receipt(f"check-{number:06d}", plan.plan_id, sender, file.name, digest, len(content), moment)
    return Parsed(receipt, reading)


def _stated_unit(reading: Reading) -> str | None:
    told = [cell for cell in reading.cells if cell.section == "header" and cell.text_value]
    codes = [cell.text_value for field in ("unit_code", "unit_name") for cell in told if cell.field == field]
    return codes[0] if codes else None


def _copy_history(connection: Connection, home: Home) -> bool:
    """Bring everything the home's warehouse holds into this one; it is only read, and may be in use by readers."""
    with open_to_read(home.warehouse) as held:
        for table in sqlfiles.raw_tables():
            rows = held.execute(f"select * from {table.full_name}").to_arrow_table()
            connection.register("history", rows)
            connection.execute(f"insert into {table.full_name} by name select * from history")
            connection.unregister("history")
    return True


def _months_begun(plan: Plan, period: str | None, moment: datetime) -> list[Period]:
    if period is not None:
        return [Period.parse(period)]
    months = [Period(plan.year, month) for month in range(1, 13)]
    return [month for month in months if month.first_day <= moment.date()]


def _checked(one: Parsed, judged: Judged, is_known: bool) -> Checked:
    receipt = one.receipt
    if is_known:
        return Checked(receipt.file_name, receipt.unit_code, one.reading.period, "duplicate", ())
    return Checked(receipt.file_name, receipt.unit_code, one.reading.period, judged.verdict, judged.findings)
