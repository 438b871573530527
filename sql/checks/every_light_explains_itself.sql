-- comment: 不是蓝也不是绿的指标都说明原因，其他的都不写
-- requires: every indicator whose light is neither blue nor green says why, and no other does
-- level: fail
select
    completion.plan_id,
    completion.period,
    completion.indicator_code,
    completion.light,
    outlook.reason_code,
from published.pub_indicator_completion_v1 as completion
left join published.pub_indicator_outlook_v1 as outlook
    on
        completion.plan_id = outlook.plan_id
        and completion.period = outlook.period
        and completion.indicator_code = outlook.indicator_code
where
    (completion.light in ('blue', 'green')) <> (outlook.reason_code is null)
    or (outlook.reason_code is null) <> (outlook.reason_label is null)
order by completion.plan_id, completion.period, completion.indicator_code
