-- comment: 维度：民生实事项目
-- purpose: The livelihood projects of a plan, in its order.
-- grain: plan_id, item_code
with

final as (
    select
        plan_id,
        item_code,
        item_no,
        item_name,
        takes_contributions,
    from raw.item
)

select * from final
