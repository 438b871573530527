-- comment: 事实：报送任务
-- purpose: Who owes what for a period: what was asked when it was opened, of whom the plan's dated leads and mergers name.
-- grain: plan_id, period, unit_code, role, item_code, indicator_code
-- nulls: indicator_code null: the row concerns the item as a whole.
with

obligation as (
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
),

extension as (
    select
        plan_id,
        period,
        unit_code,
        until_at,
    from staging.stg_extension
),

final as (
    select
        obligation.plan_id,
        obligation.period,
        obligation.unit_code,
        obligation.role,
        obligation.item_code,
        obligation.indicator_code,
        obligation.is_required,
        greatest(obligation.due_at, coalesce(extension.until_at, obligation.due_at)) as due_at,
    from obligation
    left join extension
        on
            obligation.plan_id = extension.plan_id
            and obligation.period = extension.period
            and obligation.unit_code = extension.unit_code
)

select * from final
