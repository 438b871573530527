"""build: make star, marts and the tables to be published from what has been judged. Reads no file, asks no clock."""

from __future__ import annotations

from etl.outcome import StageResult
from etl.run import Run
from etl.warehouse.connection import open_warehouse, transaction
from etl.warehouse.ledger import record
from etl.warehouse.plan_rows import write_plan
from etl.warehouse.rebuild import rebuild_all


def build(run: Run) -> StageResult:
    """Rebuild every table of every plan and opened period in one transaction: all of them change, or none."""
    with open_warehouse(run.home.warehouse) as connection:
        write_plan(connection, run.plan)
        with transaction(connection):
            result = StageResult("build", rebuild_all(connection, run))
            record(connection, run, result)
    return result
