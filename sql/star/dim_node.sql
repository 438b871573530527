-- comment: 维度：节点计划
-- purpose: Dated nodes agreed with a lead unit: by due_date the value must have reached node_value.
-- grain: plan_id, indicator_code, due_date, from_period
-- nulls: from_period null: ever since. to_period, the first period no longer served, null: still.
with

final as (
    select
        plan_id,
        indicator_code,
        due_date,
        node_value,
        note,
        from_period,
        to_period,
        document_no,
    from raw.node
)

select * from final
