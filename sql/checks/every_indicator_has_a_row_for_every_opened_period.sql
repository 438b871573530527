-- comment: 每个已开的月份，方案的每项指标都恰有一行发布
-- requires: every opened period has one published row for each indicator of its plan
-- level: fail
select
    period.plan_id,
    period.period,
    indicator.indicator_code,
from star.dim_period as period
inner join star.dim_indicator as indicator
    on period.plan_id = indicator.plan_id
left join published.pub_indicator_completion_v1 as completion
    on
        period.plan_id = completion.plan_id
        and period.period = completion.period
        and indicator.indicator_code = completion.indicator_code
where completion.indicator_code is null
order by period.plan_id, period.period, indicator.indicator_code
