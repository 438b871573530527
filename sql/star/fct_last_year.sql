-- comment: 事实：上年同期累计数
-- purpose: Cumulative values of the same months of the year before.
-- grain: plan_id, indicator_code, month_no, from_period
-- nulls: a missing row is a missing base, not zero. from_period null: ever since. to_period, the first period no longer served, null: still.
with

final as (
    select
        plan_id,
        indicator_code,
        month_no,
        cumulative_value,
        from_period,
        to_period,
        document_no,
    from raw.last_year
)

select * from final
