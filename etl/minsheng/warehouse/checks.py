"""Asking the truths required of what was built."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from minsheng.core.codes import Result
from minsheng.core.errors import CheckFailed
from minsheng.core.outcome import Outcome
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection, rows_of
from minsheng.words.chinese import chinese

_SHOWN = 3


@dataclass(frozen=True)
class CheckResult:
    """A check and the rows that break it, the first few of them written out."""

    check: sqlfiles.Check
    row_count: int
    rows: str

    @property
    def outcome(self) -> Outcome:
        """``passed``, or by the check's level ``failed`` or ``warned``."""
        broken: Result = "failed" if self.check.level == "fail" else "warned"
        return Outcome(self.check.name, broken if self.row_count else "passed", self.rows, self.row_count)

    @property
    def text(self) -> str:
        """Which truth does not hold, and where."""
        return f"{self.check.name}（{self.check.comment}）有 {self.row_count} 行不符：{self.rows}"


def ask(connection: Connection, required: sqlfiles.Check) -> CheckResult:
    """Run one check."""
    rows = rows_of(connection, required.sql)
    shown = [", ".join(f"{name}={value}" for name, value in row.items()) for row in rows[:_SHOWN]]
    return CheckResult(required, len(rows), " | ".join(shown))


def ask_all(connection: Connection) -> list[CheckResult]:
    """Run every check there is."""
    return [ask(connection, required) for required in sqlfiles.checks()]


def require_held(answers: Iterable[CheckResult]) -> None:
    """Raises CheckFailed, naming checks and rows, if one of level ``fail`` found any."""
    failed = [answer.text for answer in answers if answer.outcome.result == "failed"]
    if failed:
        raise CheckFailed("check_failed", chinese().stage["build"], checks="; ".join(failed))
