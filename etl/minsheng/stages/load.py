"""load: make the star tables say what the staging views say now. Judges no indicator."""

from __future__ import annotations

from minsheng.core.outcome import StageResult
from minsheng.plan.run import Run
from minsheng.warehouse.connection import Connection, open_warehouse, transaction
from minsheng.warehouse.ledger import record
from minsheng.warehouse.plan_state import state_plans
from minsheng.warehouse.rebuild import refresh_star


def load(run: Run) -> StageResult:
    """Make dimensions and facts of the plans whose sources have changed, in one transaction; no-op if none has.

    ``periods``: the opened months whose publication is out of date at ``run.as_of``.
    """
    with open_warehouse(run.home.warehouse) as connection, transaction(connection):
        state_plans(connection, run)
        result = StageResult("load", refresh_star(connection), months_out_of_date(connection, run))
        record(connection, run, result)
    return result


def months_out_of_date(connection: Connection, run: Run) -> tuple[str, ...]:
    """Months with a judged file that is not published, come due since the last build, or of a plan that has changed.

    Read from the tables, not handed over by an earlier stage or event: whatever was killed or lost
    in between, the next run finds it.
    """
    query = """
        select period
        from raw.period
        left join raw.as_of using (plan_id)
        left join raw.plan using (plan_id)
        where
            plan.plan_sha256 <> as_of.plan_sha256
            or (due_at >= as_of and due_at < $as_of)
            or (plan_id, period) in (
                select (plan_id, period)
                from staging.stg_extension as extension
                left join raw.as_of as built using (plan_id)
                where extension.until_at >= built.as_of and extension.until_at < $as_of
            )
            or (plan_id, period) in (
                select (plan_id, period)
                from raw.decision as decision
                left join raw.as_of as built using (plan_id)
                where decision.decided_at > built.as_of
            )
            or (plan_id, period) in (select (plan_id, period) from staging.stg_unpublished)
        order by period
    """
    rows = connection.execute(query, {"as_of": run.as_of}).fetchall()
    return tuple(period for (period,) in rows)
