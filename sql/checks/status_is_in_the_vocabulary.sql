-- comment: 发布的状态都在规定的名单内，名称和亮灯相符；只有由人销了号的才称为已销号
-- requires: every published status is in the closed vocabulary, with its label and light, and the one only a person may give where one gave it
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
left join star.dim_closure as closure
    on
        completion.plan_id = closure.plan_id
        and completion.indicator_code = closure.indicator_code
        and completion.period >= closure.closed_period
where
    status.status_code is null
    or (completion.status_code = 'CLOSED' and closure.indicator_code is null)
order by completion.plan_id, completion.period, completion.indicator_code
