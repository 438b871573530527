-- comment: 校验用：已接收的数据
-- purpose: What stands for a month: the lines of each unit's latest accepted file of that month.
-- grain: plan_id, unit_code, period, section, indicator_code, member_code
-- nulls: member_code null: not a line of 明细.
with

submission as (
    select
        submission_id,
        plan_id,
        unit_code,
        period,
    from staging.stg_version
    where is_current
),

line as (
    select
        submission_id,
        section,
        indicator_code,
        member_code,
        month_value,
        cumulative_value,
        numerator,
        denominator,
        level_value,
        is_correction,
    from facts.line
    where indicator_code is not null
),

final as (
    select
        submission.plan_id,
        submission.unit_code,
        submission.period,
        line.section,
        line.indicator_code,
        line.member_code,
        max(line.month_value) as month_value,
        max(line.cumulative_value) as cumulative_value,
        max(line.numerator) as numerator,
        max(line.denominator) as denominator,
        max(line.level_value) as level_value,
        bool_or(line.is_correction) as is_correction,
    from submission
    inner join line
        on submission.submission_id = line.submission_id
    group by
        submission.plan_id,
        submission.unit_code,
        submission.period,
        line.section,
        line.indicator_code,
        line.member_code
)

select * from final
