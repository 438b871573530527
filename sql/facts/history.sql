-- comment: 校验用：一个指标各月已接收的数
-- purpose: Every line being judged beside each month of its year that stands accepted of its indicator, whichever unit reported it (of a contribution the unit's own). The one place that says what a line is compared with over time; lines without any are left out.
-- grain: submission_id, sheet_name, row_no, accepted_period
-- nulls: level_value null: no level is asked for; month_value null: no month's number is; numerator, denominator null: no ratio is.
with

judged as (
    select submission_id,
    from facts.judged
),

file as (
    select
        submission_id,
        plan_id,
        unit_code,
        judged_period as period,
    from facts.file
),

line as (
    select
        submission_id,
        sheet_name,
        row_no,
        section,
        indicator_code,
        member_code,
        month_value,
        level_value,
        numerator,
        denominator,
    from facts.line
),

accepted as (
    select
        plan_id,
        contributor_code,
        unit_code,
        period,
        section,
        indicator_code,
        member_code,
        month_value,
        level_value,
        numerator,
        denominator,
        is_correction,
    from facts.accepted
),

final as (
    select
        line.submission_id,
        line.sheet_name,
        line.row_no,
        file.period,
        accepted.period as accepted_period,
        accepted.unit_code,
        accepted.month_value,
        accepted.level_value,
        accepted.numerator,
        accepted.denominator,
        accepted.is_correction,
        coalesce(line.month_value is distinct from accepted.month_value, false) as is_other_month,
        coalesce(
            line.level_value is distinct from accepted.level_value
            or line.numerator is distinct from accepted.numerator
            or line.denominator is distinct from accepted.denominator,
            false
        ) as is_other_standing,
    from judged
    inner join file
        on judged.submission_id = file.submission_id
    inner join line
        on file.submission_id = line.submission_id
    inner join accepted
        on
            file.plan_id = accepted.plan_id
            and case when line.section = 'contribution' then file.unit_code else 'lead' end = accepted.contributor_code
            and line.section = accepted.section
            and line.indicator_code = accepted.indicator_code
            and coalesce(line.member_code, '') = coalesce(accepted.member_code, '')
            and substr(file.period, 1, 4) = substr(accepted.period, 1, 4)
)

select * from final
