-- comment: 事实：上年同期累计数
-- purpose: Cumulative values of the same months of the year before.
-- grain: plan_id, indicator_code, month_no
-- nulls: a missing row is a missing base, not zero.
with

final as (
    select
        plan_id,
        indicator_code,
        month_no,
        cumulative_value,
    from raw.last_year
)

select * from final
