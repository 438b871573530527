-- comment: 已停用的规则
-- purpose: Rules whose last decision switched them off.
-- grain: plan_id, rule_code
with

decision as (
    select
        plan_id,
        rule_code,
        decision_no,
        kind,
        decided_at,
        decided_by,
        reason,
        row_number() over (partition by plan_id, rule_code order by decision_no desc) as recency,
    from raw.decision
    where kind in ('rule_off', 'rule_on')
),

final as (
    select
        plan_id,
        rule_code,
        decided_at,
        decided_by,
        reason,
    from decision
    where recency = 1 and kind = 'rule_off'
)

select * from final
