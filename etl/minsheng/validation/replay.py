"""What other rules would have said of everything ever received; changes nothing (docs/adr/0008, 0028)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from minsheng.core.codes import Verdict
from minsheng.landing.editions import as_received, spans
from minsheng.plan.run import Run
from minsheng.validation.facts import read_facts
from minsheng.validation.finding import Finding
from minsheng.validation.findings import recorded_findings
from minsheng.validation.judge import judge_facts
from minsheng.validation.rounds import next_rounds, standing, touched, waiting_since
from minsheng.validation.rules import RuleBook
from minsheng.warehouse.connection import Connection, open_warehouse
from minsheng.warehouse.copying import copy_raw
from minsheng.warehouse.plan_rows import write_plan

if TYPE_CHECKING:
    import pandas as pd

_WIDTH = 16  # rounds looked at together


@dataclass(frozen=True)
class RecordedFile:
    """A file on record with the verdict it got. ``period`` null: the file names no readable month."""

    submission_id: str
    unit_code: str
    period: str | None
    file_name: str
    received_at: datetime
    verdict: Verdict


@dataclass(frozen=True)
class Difference:
    """A fault that only one of the two rule books finds: ``new`` the candidate, ``gone`` the one that judged then."""

    kind: Literal["new", "gone"]
    rule: str
    severity: str
    file: RecordedFile
    sheet: str | None
    cell: str | None
    message: str


@dataclass(frozen=True)
class Change:
    """A file that would have got another verdict."""

    file: RecordedFile
    verdict: Verdict


@dataclass(frozen=True)
class Replay:
    """What would have been different; duplicates are not judged again."""

    rules_version: str
    file_count: int
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]

    def about(self, rule_code: str) -> Replay:
        """Only what one rule would do; verdicts of the files it would treat differently."""
        mine = tuple(one for one in self.differences if one.rule == rule_code)
        files = {one.file for one in mine}
        changes = tuple(change for change in self.changes if change.file in files)
        return Replay(self.rules_version, self.file_count, mine, changes)


def replay(run: Run, book: RuleBook) -> Replay:
    """Judge every file of the run's one plan again by ``book``, each against the history as it was when it was judged.

    A file accepted then counts as accepted for those after it, whatever the candidate says of it, and each is held
    against the plan that was in force then: so each difference is due to the rules alone. Raises UserError when the
    home has no warehouse.
    """
    received = as_received(run)
    (plan,) = received.county.plans
    with open_warehouse(None) as connection:
        copy_raw(run.home.warehouse, connection)
        files = _take_back_verdicts(connection, plan.plan_id)
        facts = _facts_as_they_were(connection, received)
        known = [key for key, file in files.items() if file.verdict != "duplicate"]
        judged = judge_facts(connection, facts, known, book)
        before = recorded_findings(connection, known)
    found = {one.submission_id: one for one in judged}
    differences = tuple(
        one for key in known for one in _differences(files[key], before.get(key, ()), found[key].findings)
    )
    changes = tuple(Change(files[key], found[key].verdict) for key in known if found[key].verdict != files[key].verdict)
    return Replay(book.version, len(known), differences, changes)


def _take_back_verdicts(connection: Connection, plan_id: str) -> dict[str, RecordedFile]:
    """Set the verdicts of the plan aside, to be given back round by round; what was never judged is left out."""
    rows = connection.execute(
        """
        select submission_id, unit_code, period, file_name, received_at, verdict
        from raw.submission
        inner join raw.verdict using (submission_id)
        where plan_id = ?
        order by received_at, unit_code, period nulls last, file_name, submission_id
        """,
        [plan_id],
    ).fetchall()
    files = {row[0]: RecordedFile(*row) for row in rows}
    connection.execute("create temporary table given as select * from raw.verdict")
    connection.execute("delete from raw.verdict where list_contains(?, submission_id)", [list(files)])
    unjudged = "delete from raw.submission where plan_id = ? and not list_contains(?, submission_id)"
    connection.execute(unjudged, [plan_id, list(files)])
    return files


def _facts_as_they_were(connection: Connection, run: Run) -> pd.DataFrame:
    import pandas as pd

    frames = list(_rounds(connection, run))
    return pd.concat(frames, ignore_index=True) if frames else read_facts(connection, [])


def _rounds(connection: Connection, run: Run) -> Iterator[pd.DataFrame]:
    """Facts of as many rounds at once as stand together by the verdicts they were given, edition by edition."""
    given = dict(connection.execute("select submission_id, verdict from given").fetchall())
    for span in spans(run, waiting_since(connection, run.county.plan_ids)):
        (plan,) = span.county.plans
        write_plan(connection, plan)
        while rounds := next_rounds(connection, plan.plan_id, _WIDTH, before=span.until):
            count = standing(rounds, given, touched(connection, rounds))
            ids = [receipt.submission_id for files in rounds[:count] for receipt, _ in files]
            yield read_facts(connection, [key for key in ids if given[key] != "duplicate"])
            back = "insert into raw.verdict by name select * from given where list_contains(?, submission_id)"
            connection.execute(back, [ids])


def _differences(file: RecordedFile, before: Sequence[Finding], after: Sequence[Finding]) -> Iterator[Difference]:
    yield from (_difference("new", file, one) for one in _without(after, before))
    yield from (_difference("gone", file, one) for one in _without(before, after))


def _difference(kind: Literal["new", "gone"], file: RecordedFile, one: Finding) -> Difference:
    return Difference(kind, one.rule, one.severity, file, one.sheet, one.cell, one.message)


def _without(these: Sequence[Finding], those: Sequence[Finding]) -> Iterator[Finding]:
    known = set(map(_key, those))
    return (one for one in these if _key(one) not in known)


def _key(one: Finding) -> tuple[str | None, ...]:
    """What makes a fault the same in other words; one without a cell is told from its like by its words only."""
    return one.rule, one.severity, one.sheet, one.cell or one.message
