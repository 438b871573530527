"""build: make marts and the tables to be published, and hold them against the truths required of them.

Reads no file, asks no clock, repairs nothing.
"""

from __future__ import annotations

from minsheng.core.errors import CheckFailed
from minsheng.core.outcome import Outcome, StageResult
from minsheng.plan.run import Run
from minsheng.warehouse.checks import CheckResult, ask_all, require_held
from minsheng.warehouse.connection import Connection, open_warehouse, transaction
from minsheng.warehouse.ledger import record
from minsheng.warehouse.plan_state import state_plans
from minsheng.warehouse.rebuild import rebuild_all


def build(run: Run) -> StageResult:
    """Make the tables of every plan whose rows would say something else, and ask every check, in one transaction.

    Raises CheckFailed if a check of level ``fail`` finds rows; the tables stay as they were, the answers are recorded.
    """
    with open_warehouse(run.home.warehouse) as connection:
        with transaction(connection):
            state_plans(connection, run)
        answers: list[CheckResult] = []
        try:
            with transaction(connection):
                built = rebuild_all(connection, run)
                answers = ask_all(connection)
                require_held(answers)
                return _recorded(connection, run, (*built, *_outcomes(answers)))
        except CheckFailed:
            with transaction(connection):
                _recorded(connection, run, _outcomes(answers))
            raise


def _outcomes(answers: list[CheckResult]) -> tuple[Outcome, ...]:
    return tuple(answer.outcome for answer in answers)


def _recorded(connection: Connection, run: Run, outcomes: tuple[Outcome, ...]) -> StageResult:
    result = StageResult("build", outcomes)
    record(connection, run, result)
    return result
