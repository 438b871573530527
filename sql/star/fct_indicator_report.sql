-- comment: 事实：指标数值（按版本）
-- purpose: One row per version of an indicator's value: a later accepted file makes one only if it says something else. The value in force has known_to null.
-- grain: plan_id, period, indicator_code, revision_no
-- nulls: known_to null: current. correction_reason null: none was given. Values a kind of indicator does not use are null.
-- units: the value is actual_numerator / actual_denominator, kept apart so that it is judged on exact fractions.
with

reported as (
    select
        submission_id,
        indicator_code,
        plan_id,
        period,
        unit_code,
        effect_no,
        accepted_at,
        month_value,
        cumulative_value,
        numerator,
        denominator,
        actual_numerator,
        actual_denominator,
        is_zero_report,
        is_correction,
        correction_reason,
        lag(effect_no) over value_order as last_effect_no,
        lag(month_value) over value_order as last_month_value,
        lag(cumulative_value) over value_order as last_cumulative_value,
        lag(numerator) over value_order as last_numerator,
        lag(denominator) over value_order as last_denominator,
    from star.fct_reported_value
    window value_order as (partition by plan_id, period, indicator_code order by effect_no)
),

changed as (
    select
        submission_id,
        indicator_code,
        plan_id,
        period,
        unit_code,
        effect_no,
        accepted_at,
        month_value,
        cumulative_value,
        numerator,
        denominator,
        actual_numerator,
        actual_denominator,
        is_zero_report,
        is_correction,
        correction_reason,
    from reported
    where
        last_effect_no is null
        or month_value is distinct from last_month_value
        or cumulative_value is distinct from last_cumulative_value
        or numerator is distinct from last_numerator
        or denominator is distinct from last_denominator
),

final as (
    select
        plan_id,
        period,
        indicator_code,
        row_number() over value_order as revision_no,
        submission_id,
        unit_code,
        month_value,
        cumulative_value,
        numerator,
        denominator,
        actual_numerator,
        actual_denominator,
        accepted_at as known_from,
        lead(accepted_at) over value_order as known_to,
        is_zero_report,
        is_correction,
        correction_reason,
    from changed
    window value_order as (partition by plan_id, period, indicator_code order by effect_no)
)

select * from final
