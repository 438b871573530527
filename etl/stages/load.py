"""load: replace the star tables with what the staging views say now. Judges no indicator."""

from __future__ import annotations

from etl.ledger import record
from etl.outcome import StageResult
from etl.rebuild import rebuild
from etl.run import Run
from etl.warehouse import Connection, open_warehouse, transaction


def load(run: Run) -> StageResult:
    """Rebuild dimensions and facts in one transaction: all of them change, or none.

    ``periods``: the opened months with submissions the star did not know before.
    """
    with open_warehouse(run.home.warehouse) as connection, transaction(connection):
        periods = _periods_to_come(connection, run.plan.plan_id)
        result = StageResult("load", rebuild(connection, "star"), periods)
        record(connection, run, result)
    return result


def _periods_to_come(connection: Connection, plan_id: str) -> tuple[str, ...]:
    """Read from the tables, not handed over by validate: a run killed between the two still tells its successor."""
    query = """
        select distinct period
        from raw.submission
        inner join raw.period using (plan_id, period)
        semi join raw.verdict using (submission_id)
        anti join star.fct_submission using (submission_id)
        where plan_id = ?
        order by period
    """
    return tuple(period for (period,) in connection.execute(query, [plan_id]).fetchall())
