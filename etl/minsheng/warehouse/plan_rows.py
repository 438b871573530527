"""A plan, and a month opened under it, written into the warehouse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from minsheng.core.period import Period
from minsheng.plan.calendar import due_at, freeze_at
from minsheng.plan.models import Plan
from minsheng.plan.obligations import Obligation, following, obligations
from minsheng.warehouse.connection import Connection, append, transaction
from minsheng.warehouse.plan_tables import PLAN_TABLES, PlanRow
from minsheng.warehouse.reason_rows import write_reasons


def write_plan(connection: Connection, plan: Plan) -> bool:
    """Make the plan tables say what the plan folder says; no-op (False) if they already do.

    A warehouse of an earlier version lacks the tables and columns added since, though the plan is the same.
    """
    write_reasons(connection)
    if _is_written(connection, plan):
        return False
    with transaction(connection):
        _replace_rows(connection, plan)
    return True


def replace_plans(connection: Connection, plans: Iterable[Plan]) -> None:
    """The same for several plans, inside the caller's transaction."""
    write_reasons(connection)
    for plan in plans:
        if not _is_written(connection, plan):
            _replace_rows(connection, plan)


def _is_written(connection: Connection, plan: Plan) -> bool:
    known = connection.execute(
        """
        select plan_sha256
        from raw.plan
        where
            plan_id = $1
            and exists (select 1 from raw.lead where plan_id = $1)
            and exists (select 1 from raw.indicator where plan_id = $1 and definition is not null)
        """,
        [plan.plan_id],
    ).fetchone()
    return known == (plan.sha256,)


def _replace_rows(connection: Connection, plan: Plan) -> None:
    for table, rows in PLAN_TABLES.items():
        connection.execute(f"delete from raw.{table} where plan_id = ?", [plan.plan_id])
        append(connection, f"raw.{table}", ({"plan_id": plan.plan_id} | row for row in rows(plan)))
    _follow_the_leads(connection, plan)


def open_rows(connection: Connection, plan: Plan, period: Period, as_of: datetime) -> int:
    """Write the month and who owes what for it; returns the obligations written, 0 if already open.

    What is asked of a month is frozen when it is opened; who answers for it follows the dated leads and mergers of
    the plan, which may become known later.
    """
    key = [plan.plan_id, str(period)]
    if connection.execute("select 1 from raw.period where plan_id = ? and period = ?", key).fetchone():
        return 0
    due = due_at(plan, period)
    head: PlanRow = {"plan_id": plan.plan_id, "period": str(period)}
    month = head | {
        "month_no": period.month,
        "due_at": due,
        "freeze_at": freeze_at(plan, period),
        "opened_at": as_of,
    }
    owed = obligations(plan, period)
    with transaction(connection):
        append(connection, "raw.period", [month])
        append(connection, "raw.obligation_at_opening", [head | vars(each) for each in owed])
        return _write_owed(connection, head | {"due_at": due}, owed)


def _write_owed(connection: Connection, head: PlanRow, owed: Iterable[Obligation]) -> int:
    return append(connection, "raw.obligation", [head | vars(each) for each in owed])


def _follow_the_leads(connection: Connection, plan: Plan) -> None:
    """Have opened months owed by whom the plan names now: a merger, a change of lead may become known afterwards.

    Always reckoned from what was asked at the opening, so that a merger that is taken back leaves no trace.
    """
    months = connection.execute("select period, due_at from raw.period where plan_id = ?", [plan.plan_id]).fetchall()
    for period, due in months:
        key = [plan.plan_id, period]
        held = _duties(connection, "obligation", key)
        # A month opened by an earlier version has kept nothing but what is owed.
        asked = _duties(connection, "obligation_at_opening", key) or held
        owed = following(plan, Period.parse(period), asked)
        if set(owed) != set(held):
            connection.execute("delete from raw.obligation where plan_id = ? and period = ?", key)
            _write_owed(connection, {"plan_id": plan.plan_id, "period": period, "due_at": due}, owed)


def _duties(connection: Connection, table: str, key: Sequence[str]) -> list[Obligation]:
    query = f"""
        select unit_code, role, item_code, indicator_code, is_required
        from raw.{table}
        where plan_id = ? and period = ?
    """
    return [Obligation(*row) for row in connection.execute(query, key).fetchall()]
