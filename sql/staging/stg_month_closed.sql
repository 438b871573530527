-- comment: 已关闭的月份
-- purpose: Months whose last decision closed them: what was accepted is not changed any more, but for figures reopened. A report that is missing may still come.
-- grain: plan_id, period
with

decision as (
    select
        plan_id,
        period,
        kind,
        decided_at,
        row_number() over (partition by plan_id, period order by decision_no desc) as recency,
    from raw.decision
    where kind in ('closed', 'closing_ended')
),

final as (
    select
        plan_id,
        period,
        decided_at as closed_at,
    from decision
    where recency = 1 and kind = 'closed'
)

select * from final
