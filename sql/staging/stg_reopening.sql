-- comment: 重新开放的数
-- purpose: Which figure of a closed month a unit may change, and until when; a decision holds until its hour or its opposite.
-- grain: plan_id, period, unit_code, indicator_code
with

decision as (
    select
        plan_id,
        period,
        unit_code,
        indicator_code,
        kind,
        until_at,
        row_number() over (
            partition by plan_id, period, unit_code, indicator_code order by decision_no desc
        ) as recency,
    from raw.decision
    where kind in ('reopened', 'reopening_ended')
),

final as (
    select
        plan_id,
        period,
        unit_code,
        indicator_code,
        until_at,
    from decision
    where recency = 1 and kind = 'reopened'
)

select * from final
