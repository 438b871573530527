-- comment: 累计量的累计数等于上月累计加本月数
-- requires: the cumulative value of a flow is last month's plus this month's
-- level: warn
with

report as (
    select
        report.plan_id,
        report.period,
        report.indicator_code,
        report.month_value,
        report.cumulative_value,
        period.month_no,
    from star.fct_indicator_report as report
    inner join star.dim_period as period
        on
            report.plan_id = period.plan_id
            and report.period = period.period
    inner join star.dim_indicator as indicator
        on
            report.plan_id = indicator.plan_id
            and report.indicator_code = indicator.indicator_code
            and indicator.kind = 'flow'
    where report.known_to is null
)

select
    this_month.plan_id,
    this_month.period,
    this_month.indicator_code,
    last_month.cumulative_value as last_cumulative_value,
    this_month.month_value,
    this_month.cumulative_value,
from report as this_month
inner join report as last_month
    on
        this_month.plan_id = last_month.plan_id
        and this_month.indicator_code = last_month.indicator_code
        and this_month.month_no = last_month.month_no + 1
where last_month.cumulative_value + this_month.month_value <> this_month.cumulative_value
order by this_month.plan_id, this_month.period, this_month.indicator_code
