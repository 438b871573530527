-- comment: 事实：没有数及其原因
-- purpose: Every line of an accepted file that has no number and says why, of the unit's version in force.
-- grain: submission_id, section, indicator_code
with

submission as (
    select
        submission_id,
        plan_id,
        period,
        unit_code,
        is_current,
    from star.fct_submission
    where version_no is not null
),

line as (
    select
        submission_id,
        section,
        indicator_code,
        no_data_reason_code,
        explanation_text,
    from staging.stg_report
    where
        no_data_reason_code is not null
        and indicator_code is not null
        and coalesce(month_value, cumulative_value, numerator) is null
),

reason as (
    select
        no_data_reason_code,
        no_data_reason_label,
        counts_against,
    from star.dim_no_data_reason
),

final as (
    select
        line.submission_id,
        line.section,
        line.indicator_code,
        submission.plan_id,
        submission.period,
        submission.unit_code,
        line.no_data_reason_code,
        reason.no_data_reason_label,
        reason.counts_against,
        line.explanation_text,
    from line
    inner join submission
        on line.submission_id = submission.submission_id
    inner join reason
        on line.no_data_reason_code = reason.no_data_reason_code
    where submission.is_current
)

select * from final
