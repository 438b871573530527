-- comment: 重新开放的数
-- purpose: Which figure of a closed month a unit may change, from when until when: a decision holds until its hour or the next decision about the figure.
-- grain: plan_id, period, unit_code, indicator_code, reopened_at
with

decision as (
    select
        plan_id,
        period,
        unit_code,
        indicator_code,
        kind,
        decided_at,
        until_at,
        lead(decided_at) over (
            partition by plan_id, period, unit_code, indicator_code order by decision_no
        ) as next_decided_at,
    from raw.decision
    where kind in ('reopened', 'reopening_ended')
),

final as (
    select
        plan_id,
        period,
        unit_code,
        indicator_code,
        decided_at as reopened_at,
        least(until_at, coalesce(next_decided_at, until_at)) as until_at,
    from decision
    where kind = 'reopened'
)

select * from final
