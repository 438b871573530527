-- comment: 称为已完成的指标都达到了目标，方案写“超过”的确实超过
-- requires: an indicator called done has met its target, strictly where the plan says so
-- level: fail
select
    completion.plan_id,
    completion.period,
    completion.indicator_code,
    completion.actual_value,
    completion.target_value,
from published.pub_indicator_completion_v1 as completion
inner join star.dim_indicator as indicator
    on
        completion.plan_id = indicator.plan_id
        and completion.indicator_code = indicator.indicator_code
where
    completion.status_code in ('DONE', 'CLOSED')
    and completion.comparator <> 'gt_last_year'
    and indicator.polarity = 'higher_better'
    and (
        completion.actual_value < cast(completion.target_value as double)
        or (completion.comparator = 'gt' and completion.actual_value = cast(completion.target_value as double))
    )
order by completion.plan_id, completion.period, completion.indicator_code
