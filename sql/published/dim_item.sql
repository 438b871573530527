-- comment: 民生实事项目
-- fact: dimension
-- purpose: For BI: the projects of each plan, in its order.
-- grain: plan_id, item_code
with

final as (
    select
        plan_id,
        item_code,
        item_no,
        item_name,
    from star.dim_item
)

select * from final
