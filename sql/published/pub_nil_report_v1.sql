-- comment: 零报送与没有数的说明（每期计入的文件所写）
-- fact: transaction
-- adds: 只可计行数
-- purpose: For BI: every indicator for which a unit said 0 on purpose, or said why it has no number, in the file of the month that counts.
-- grain: plan_id, period, unit_code, role, indicator_code
with

submission as (
    select
        submission_id,
        plan_id,
        period,
        unit_code,
    from star.fct_submission
    where is_current
),

reason as (
    select
        no_data_reason_code,
        no_data_reason_label,
        counts_against,
    from star.dim_no_data_reason
    where no_data_reason_code = 'NIL'
),

said as (
    select
        submission_id,
        indicator_code,
        'lead' as role,
    from star.fct_reported_value
    where is_zero_report
    union
    select
        submission_id,
        indicator_code,
        'contribution' as role,
    from star.fct_contribution
    where is_zero_report and indicator_code is not null
),

nil as (
    select
        submission.plan_id,
        submission.period,
        submission.unit_code,
        said.role,
        said.indicator_code,
        reason.no_data_reason_code,
        reason.no_data_reason_label,
        reason.counts_against,
        submission.submission_id,
    from said
    inner join submission
        on said.submission_id = submission.submission_id
    cross join reason
),

unfilled as (
    select
        plan_id,
        period,
        unit_code,
        case when section = 'report' then 'lead' else 'contribution' end as role,
        indicator_code,
        no_data_reason_code,
        no_data_reason_label,
        counts_against,
        submission_id,
    from star.fct_no_data
),

told as (
    select
        plan_id,
        period,
        unit_code,
        role,
        indicator_code,
        no_data_reason_code,
        no_data_reason_label,
        counts_against,
        submission_id,
    from nil
    union
    select
        plan_id,
        period,
        unit_code,
        role,
        indicator_code,
        no_data_reason_code,
        no_data_reason_label,
        counts_against,
        submission_id,
    from unfilled
),

indicator as (
    select
        plan_id,
        indicator_code,
        indicator_name,
    from star.dim_indicator
),

unit as (
    select
        plan_id,
        unit_code,
        unit_name,
    from marts.unit
),

final as (
    select
        told.plan_id,
        told.period,
        cast(told.period || '-01' as date) as period_start,
        told.unit_code,
        unit.unit_name,
        told.role,
        told.indicator_code,
        indicator.indicator_name,
        told.no_data_reason_code,
        told.no_data_reason_label,
        told.counts_against,
        told.submission_id,
    from told
    inner join indicator
        on
            told.plan_id = indicator.plan_id
            and told.indicator_code = indicator.indicator_code
    left join unit
        on
            told.plan_id = unit.plan_id
            and told.unit_code = unit.unit_code
)

select * from final
