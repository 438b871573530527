-- comment: 发布的完成率等于实际完成除以目标（越低越好的，目标除以实际；实际为零时算 1）
-- requires: a published completion ratio is the actual value over the target (the target over the actual where lower is better, 1 where that actual is zero)
-- level: fail
select
    completion.plan_id,
    completion.period,
    completion.indicator_code,
    completion.completion_ratio,
from published.pub_indicator_completion_v1 as completion
inner join star.dim_indicator as indicator
    on
        completion.plan_id = indicator.plan_id
        and completion.indicator_code = indicator.indicator_code
where
    completion.target_value > 0
    and abs(
        completion.completion_ratio
        - case indicator.polarity
            when 'higher_better' then completion.actual_value / cast(completion.target_value as double)
            else coalesce(cast(completion.target_value as double) / nullif(completion.actual_value, 0), 1)
        end
    ) > 1e-9 * completion.completion_ratio
order by completion.plan_id, completion.period, completion.indicator_code
