-- comment: 指标数值历史
-- purpose: Every version of every indicator's value with the span in which it was the known one, and what it replaced. What was known at a moment is the row with known_from <= moment < known_to.
-- grain: plan_id, period, indicator_code, revision_no
-- nulls: known_to null: current. actual_value null: the denominator is null or 0. reason null: none was given. previous_value, change_note null: the first version.
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
        lag(month_value) over value_order as last_month_value,
        lag(actual_numerator) over value_order as last_numerator,
        lag(actual_denominator) over value_order as last_denominator,
    from star.fct_indicator_report
    window value_order as (partition by plan_id, period, indicator_code order by revision_no)
),

indicator as (
    select
        plan_id,
        indicator_code,
        is_rate,
    from star.dim_indicator
),

-- a rate is told by its parts: rounded, two different ones could look alike
told as (
    select
        report.plan_id,
        report.period,
        report.indicator_code,
        report.revision_no,
        report.submission_id,
        report.month_value,
        report.numerator,
        report.denominator,
        report.actual_numerator,
        report.actual_denominator,
        report.known_from,
        report.known_to,
        report.is_correction,
        report.correction_reason,
        report.last_numerator,
        report.last_denominator,
        (report.actual_numerator is not distinct from report.last_numerator)
        and (report.actual_denominator is not distinct from report.last_denominator) as has_same_value,
        case when report.is_correction then '更正' else '重报' end as change_word,
        coalesce(regexp_replace(cast(report.last_month_value as varchar), '[.]?0+$', ''), '未填') as last_month_text,
        coalesce(regexp_replace(cast(report.last_numerator as varchar), '[.]?0+$', ''), '未填')
        || case
            when indicator.is_rate
                then
                    '/'
                    || coalesce(regexp_replace(cast(report.last_denominator as varchar), '[.]?0+$', ''), '未填')
            else ''
        end as last_text,
    from report
    inner join indicator
        on
            report.plan_id = indicator.plan_id
            and report.indicator_code = indicator.indicator_code
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
        case
            when last_denominator > 0 then cast(last_numerator as double) / cast(last_denominator as double)
        end as previous_value,
        case
            when revision_no = 1 then null
            when has_same_value then change_word || '本月数：原为 ' || last_month_text
            else change_word || '：原为 ' || last_text
        end as change_note,
    from told
)

select * from final
