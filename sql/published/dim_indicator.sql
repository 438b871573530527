-- comment: 指标目录（所属省级任务）
-- purpose: For BI: the indicators of each plan, and the provincial task by which those of several counties compare.
-- grain: plan_id, indicator_code
-- nulls: provincial_task_code null: the plan names none.
with

final as (
    select
        plan_id,
        indicator_code,
        item_code,
        indicator_name,
        provincial_task_code,
    from star.dim_indicator
)

select * from final
