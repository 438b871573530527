"""What was accepted last, as it is filled into the workbooks beforehand."""

from __future__ import annotations

from minsheng.core.period import Period
from minsheng.plan.models import Plan
from minsheng.template.rows import Earlier
from minsheng.warehouse.connection import Connection

_REPORTED = """
    select
        indicator_code,
        arg_max(cumulative_value, period) as cumulative_value,
        arg_max(numerator, period) as numerator,
        arg_max(denominator, period) as denominator
    from star.fct_indicator_report
    where plan_id = ? and period < ? and known_to is null
    group by indicator_code
"""
_CONTRIBUTED = """
    select unit_code, indicator_code, arg_max(cumulative_value, period) as cumulative_value
    from star.fct_contribution
    where plan_id = ? and period < ? and is_current and cumulative_value is not null
    group by unit_code, indicator_code
"""


def accepted_earlier(connection: Connection, plan: Plan, period: Period) -> Earlier:
    """What was accepted last for an earlier month of the plan."""
    key = [plan.plan_id, str(period)]
    reported = connection.execute(_REPORTED, key).fetchall()
    contributed = connection.execute(_CONTRIBUTED, key).fetchall()
    return Earlier(
        {code: total for code, total, _, _ in reported if total is not None},
        {code: (part, whole) for code, _, part, whole in reported if part is not None and whole is not None},
        {(unit_code, code): total for unit_code, code, total in contributed},
    )
