"""What was accepted last, as it is filled into the workbooks beforehand."""

from __future__ import annotations

from decimal import Decimal

from minsheng.core.period import Period
from minsheng.plan.models import Plan
from minsheng.warehouse.connection import Connection


def last_cumulatives(connection: Connection, plan: Plan, period: Period) -> dict[str, Decimal]:
    """Indicator code to the cumulative value last accepted for an earlier month of the plan."""
    rows = connection.execute(
        """
        select
            indicator_code,
            arg_max(cumulative_value, period) as cumulative_value
        from star.fct_indicator_report
        where plan_id = ? and period < ? and known_to is null and cumulative_value is not null
        group by indicator_code
        """,
        [plan.plan_id, str(period)],
    ).fetchall()
    return dict(rows)
