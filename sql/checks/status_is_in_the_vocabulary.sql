-- comment: 发布的状态都在规定的名单内，名称和亮灯相符；没有只能由人给的状态
-- requires: every published status is in the closed vocabulary, with its label and light, and never the one only a person may give
-- level: fail
select
    completion.plan_id,
    completion.period,
    completion.indicator_code,
    completion.status_code,
    completion.status_label,
    completion.light,
from published.pub_indicator_completion_v1 as completion
left join star.dim_status as status
    on
        completion.status_code = status.status_code
        and completion.status_label = status.status_label
        and completion.light = status.light
where
    status.status_code is null
    or completion.status_code = 'CLOSED'
order by completion.plan_id, completion.period, completion.indicator_code
