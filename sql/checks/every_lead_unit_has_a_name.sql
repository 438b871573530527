-- comment: 发布的每项指标，牵头单位都有名称
-- requires: the lead unit of every published indicator has a name
-- level: fail
select
    plan_id,
    period,
    indicator_code,
    lead_unit_code,
from published.pub_indicator_completion_v1
where lead_unit_name is null
order by plan_id, period, indicator_code
