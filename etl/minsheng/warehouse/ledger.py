"""One outcome row for every input of every stage, good or bad."""

from __future__ import annotations

from dataclasses import asdict

from minsheng.core.declarations import code_version
from minsheng.core.outcome import StageResult
from minsheng.plan.run import Run
from minsheng.warehouse.connection import Connection, append, open_warehouse, transaction


def keep(run: Run, result: StageResult) -> StageResult:
    """Record a stage that has no transaction of its own; gives its result back."""
    with open_warehouse(run.home.warehouse) as connection, transaction(connection):
        record(connection, run, result)
    return result


def record(connection: Connection, run: Run, result: StageResult) -> None:
    """Write a stage's outcomes inside the caller's transaction; a repeated stage of one run replaces its own."""
    inputs = [outcome.input for outcome in result.outcomes]
    connection.execute(
        "delete from raw.outcome where run_id = ? and stage = ? and list_contains(?, input)",
        [run.run_id, result.stage, inputs],
    )
    head = {"run_id": run.run_id, "stage": result.stage, "code_version": code_version(), "as_of": run.as_of}
    append(connection, "raw.outcome", (head | asdict(outcome) for outcome in result.outcomes))
