-- comment: 指标数值历史（每个版本一行）
-- purpose: For BI: every version of every value, with the span in which it was the known one.
-- grain: plan_id, period, indicator_code, revision_no
-- nulls: known_to null: current. actual_value null: the denominator is null or 0. reason null: none was given.
with

final as (
    select
        plan_id,
        period,
        indicator_code,
        revision_no,
        actual_value,
        known_from,
        known_to,
        submission_id,
        reason,
    from marts.indicator_history
)

select * from final
