-- comment: 维度：节点计划
-- purpose: Dated nodes agreed with a lead unit: by due_date the value must have reached node_value.
-- grain: plan_id, indicator_code, due_date
with

final as (
    select
        plan_id,
        indicator_code,
        due_date,
        node_value,
        note,
    from raw.node
)

select * from final
