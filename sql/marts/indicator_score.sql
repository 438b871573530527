-- comment: 指标得分
-- purpose: What each indicator counts in a mean: completion of 1 at most, and nothing reported by the rule of the score. The score of a unit, of an item and of whatever analysts group by is the mean of it.
-- grain: plan_id, period, indicator_code
-- nulls: capped_ratio null: no completion_ratio. scored_ratio null: left out of every mean; without a basis, excused by a reason for no data, or not reported and not due yet.
-- units: ratios from 0 to 1. Not reported counts 0 once it is due, or 1 where an earlier report says done at the end.
with

completion as (
    select
        plan_id,
        period,
        item_code,
        indicator_code,
        lead_unit_code,
        status_code,
        is_corrected,
        completion_ratio,
        rests_on_period,
    from marts.indicator_completion
),

submission as (
    select
        plan_id,
        period,
        unit_code,
        is_due,
    from marts.submission_status
),

excused as (
    select distinct
        plan_id,
        period,
        unit_code,
        indicator_code,
    from star.fct_no_data
    where not counts_against
),

final as (
    select
        completion.plan_id,
        completion.period,
        completion.item_code,
        completion.indicator_code,
        completion.lead_unit_code,
        completion.is_corrected,
        case
            when completion.completion_ratio > 1 then 1
            else completion.completion_ratio
        end as capped_ratio,
        -- decimals add up to the same sum in any order
        cast(
            case
                when completion.status_code = 'NO_BASIS' then null
                when completion.status_code = 'NOT_REPORTED' and excused.indicator_code is not null then null
                when completion.status_code = 'NOT_REPORTED' and not coalesce(submission.is_due, false) then null
                when completion.completion_ratio > 1 or completion.rests_on_period is not null then 1
                else coalesce(completion.completion_ratio, 0)
            end as decimal(18, 12)
        ) as scored_ratio,
    from completion
    left join submission
        on
            completion.plan_id = submission.plan_id
            and completion.period = submission.period
            and completion.lead_unit_code = submission.unit_code
    left join excused
        on
            completion.plan_id = excused.plan_id
            and completion.period = excused.period
            and completion.lead_unit_code = excused.unit_code
            and completion.indicator_code = excused.indicator_code
)

select * from final
