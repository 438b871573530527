"""check: hold what was built against the truths required of it. Repairs nothing."""

from __future__ import annotations

from dataclasses import dataclass

from etl.errors import CheckFailed
from etl.outcome import Outcome, StageResult
from etl.run import Run
from etl.warehouse import sqlfiles
from etl.warehouse.connection import Connection, open_warehouse, rows_of, transaction
from etl.warehouse.ledger import record
from etl.warehouse.rebuild import rebuild_all

_SHOWN = 3


@dataclass(frozen=True)
class Answer:
    """A check and the rows that break it, the first few of them written out."""

    check: sqlfiles.Check
    row_count: int
    rows: str

    @property
    def outcome(self) -> Outcome:
        """``held``, or by the check's level ``failed`` or ``warned``."""
        broken = {"fail": "failed", "warn": "warned"}[self.check.level]
        return Outcome(self.check.name, broken if self.row_count else "held", self.rows, self.row_count)

    @property
    def text(self) -> str:
        """Which truth does not hold, and where."""
        return f"{self.check.name} requires: {self.check.requires}; rows that break it: {self.row_count} ({self.rows})"


def check(run: Run) -> StageResult:
    """Ask every check and record the answers; raises CheckFailed if one of level ``fail`` found rows.

    Everything is built again first, in the same transaction: another run may have judged files since
    ``build``, and what is compared must be of one moment.
    """
    with open_warehouse(run.home.warehouse) as connection, transaction(connection):
        rebuild_all(connection, run)
        answers = [ask(connection, required) for required in sqlfiles.checks()]
        result = StageResult("check", tuple(answer.outcome for answer in answers))
        record(connection, run, result)
    failed = [answer.text for answer in answers if answer.outcome.result == "failed"]
    if failed:
        raise CheckFailed("check", "; ".join(failed), "nothing was published; the tables hold the rows named")
    return result


def ask(connection: Connection, required: sqlfiles.Check) -> Answer:
    """Run one check."""
    rows = rows_of(connection, required.sql)
    shown = [", ".join(f"{name}={value}" for name, value in row.items()) for row in rows[:_SHOWN]]
    return Answer(required, len(rows), " | ".join(shown))
