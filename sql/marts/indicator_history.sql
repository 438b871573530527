-- comment: 指标数值历史
-- purpose: Every version of every indicator's value with the span in which it was the known one.
-- grain: plan_id, period, indicator_code, revision_no
-- nulls: known_to null: current. actual_value null: the denominator is null or 0. reason null: none was given.
with

report as (
    select
        plan_id,
        period,
        indicator_code,
        revision_no,
        submission_id,
        month_value,
        numerator,
        denominator,
        actual_numerator,
        actual_denominator,
        known_from,
        known_to,
        is_correction,
        correction_reason,
    from star.fct_indicator_report
),

final as (
    select
        plan_id,
        period,
        indicator_code,
        revision_no,
        case
            when actual_denominator > 0 then cast(actual_numerator as double) / cast(actual_denominator as double)
        end as actual_value,
        month_value,
        numerator,
        denominator,
        known_from,
        known_to,
        submission_id,
        is_correction,
        correction_reason as reason,
    from report
)

select * from final
