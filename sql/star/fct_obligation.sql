-- comment: 事实：报送任务
-- purpose: Who owes what for a period: what was asked when it was opened, of whom the plan's dated leads and mergers name.
-- grain: plan_id, period, unit_code, role, item_code, indicator_code
-- nulls: indicator_code null: the row concerns the item as a whole.
with

final as (
    select
        plan_id,
        period,
        unit_code,
        role,
        item_code,
        indicator_code,
        is_required,
        due_at,
    from raw.obligation
)

select * from final
