"""build: make the marts and the tables to be published from the star. Reads no file and asks no clock."""

from __future__ import annotations

from etl import sqlfiles
from etl.ledger import record
from etl.outcome import StageResult
from etl.rebuild import rebuild
from etl.run import Run
from etl.warehouse import Connection, append, open_warehouse, transaction


def build(run: Run) -> StageResult:
    """Rebuild marts and published tables, every plan and opened period, in one transaction.

    What is due or missing for the run's plan is judged at ``run.as_of``; another plan keeps its own moment.
    """
    with open_warehouse(run.home.warehouse) as connection, transaction(connection):
        _set_as_of(connection, run)
        outcomes = rebuild(connection, "marts") + rebuild(connection, "published")
        _explain(connection)
        result = StageResult("build", outcomes)
        record(connection, run, result)
    return result


def _set_as_of(connection: Connection, run: Run) -> None:
    plan_id = run.plan.plan_id
    connection.execute("delete from raw.as_of where plan_id = ?", [plan_id])
    append(connection, "raw.as_of", [{"plan_id": plan_id, "as_of": run.as_of}])


def _explain(connection: Connection) -> None:
    """Chinese names and meanings on the tables analysts meet."""
    for model in sqlfiles.models("published"):
        for statement in sqlfiles.comments(model, model.full_name):
            connection.execute(statement)
