"""What was accepted last, signed or not, as it is filled into the workbooks beforehand."""

from __future__ import annotations

from minsheng.core.clock import county_time
from minsheng.core.period import Period
from minsheng.plan.models import Plan
from minsheng.template.month import Earlier, begun_with
from minsheng.warehouse.connection import Connection

# A report that waits for its signature is not in the star; the next one is held against it all the same.
_REPORTED = """
    with waiting as (
        select report.indicator_code, report.section, unsigned.unit_code, unsigned.period, report.cumulative_value,
            report.numerator, report.denominator
        from staging.stg_unsigned as unsigned
        inner join staging.stg_report as report using (submission_id)
        where unsigned.plan_id = $plan_id and unsigned.period < $period and report.indicator_code is not null
    ),

    said as (
        select indicator_code, period, 1 as recency, cumulative_value, numerator, denominator
        from star.fct_indicator_report
        where plan_id = $plan_id and period < $period and known_to is null
        union all
        select indicator_code, period, 2 as recency, cumulative_value, numerator, denominator
        from waiting
        where section = 'report'
    )

    select
        indicator_code,
        arg_max(cumulative_value, (period, recency)) as cumulative_value,
        arg_max(numerator, (period, recency)) as numerator,
        arg_max(denominator, (period, recency)) as denominator
    from said
    group by indicator_code
"""
_CONTRIBUTED = """
    with said as (
        select unit_code, indicator_code, period, 1 as recency, cumulative_value
        from star.fct_contribution
        where plan_id = $plan_id and period < $period and is_current
        union all
        select unsigned.unit_code, report.indicator_code, unsigned.period, 2 as recency, report.cumulative_value
        from staging.stg_unsigned as unsigned
        inner join staging.stg_report as report using (submission_id)
        where unsigned.plan_id = $plan_id and unsigned.period < $period and report.section = 'contribution'
    )

    select unit_code, indicator_code, arg_max(cumulative_value, (period, recency)) as cumulative_value
    from said
    where cumulative_value is not null and indicator_code is not null
    group by unit_code, indicator_code
"""


_LONGER = "select unit_code, until_at from staging.stg_extension where plan_id = $plan_id and period = $period"


def accepted_earlier(connection: Connection, plan: Plan, period: Period) -> Earlier:
    """What was accepted last for an earlier month of the plan, and who was given longer to report this one.

    Before anything was accepted, what the plan says the county began with.
    """
    begun = begun_with(plan, str(period))
    keys = {"plan_id": plan.plan_id, "period": str(period)}
    reported = connection.execute(_REPORTED, keys).fetchall()
    contributed = connection.execute(_CONTRIBUTED, keys).fetchall()
    longer = connection.execute(_LONGER, keys).fetchall()
    accepted = {code: (part, whole) for code, _, part, whole in reported if part is not None and whole is not None}
    return Earlier(
        {**begun.totals, **{code: total for code, total, _, _ in reported if total is not None}},
        {**begun.shares, **accepted},
        {**begun.contributions, **{(unit_code, code): total for unit_code, code, total in contributed}},
        {unit_code: county_time(until) for unit_code, until in longer},
    )
