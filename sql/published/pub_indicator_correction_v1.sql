-- comment: 指标更正台账（每次改动一行）
-- purpose: For BI: every value that replaced another, with what it replaced, when and why.
-- grain: plan_id, period, indicator_code, revision_no
-- nulls: a value null: the denominator is null or 0. reason null: none was given (a report sent again before the due hour needs none).
with

final as (
    select
        plan_id,
        period,
        indicator_code,
        revision_no,
        previous_value,
        actual_value,
        change_note,
        is_correction,
        reason,
        known_from,
        submission_id,
    from marts.indicator_history
    where revision_no > 1
)

select * from final
