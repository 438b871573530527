-- comment: 发布的比率等于它自己的分子除以分母
-- requires: a published rate is its own numerator over its own denominator
-- level: fail
select
    completion.plan_id,
    completion.period,
    completion.indicator_code,
    completion.actual_value,
    completion.numerator,
    completion.denominator,
from published.pub_indicator_completion_v1 as completion
inner join star.dim_indicator as indicator
    on
        completion.plan_id = indicator.plan_id
        and completion.indicator_code = indicator.indicator_code
where
    indicator.is_rate
    and completion.denominator > 0
    and abs(completion.actual_value * cast(completion.denominator as double) - cast(completion.numerator as double))
    > 1e-9 * cast(completion.denominator as double)
order by completion.plan_id, completion.period, completion.indicator_code
