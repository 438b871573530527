-- comment: 校验用：以后报的数
-- purpose: For every line, what the indicator's next accepted month of the same year says, whichever unit reported it (of a contribution the unit's own). Lines without such a month are left out.
-- grain: submission_id, sheet_name, row_no
-- nulls: next_level null: no level is asked for; next_month_value null: no month's number is; next_numerator, next_denominator null: no ratio is.
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
        period,
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
    where level_value is not null or numerator is not null
),

later as (
    select
        line.submission_id,
        line.sheet_name,
        line.row_no,
        accepted.period as next_period,
        accepted.unit_code as next_unit_code,
        accepted.month_value as next_month_value,
        accepted.level_value as next_level,
        accepted.numerator as next_numerator,
        accepted.denominator as next_denominator,
        accepted.is_correction as is_next_corrected,
        row_number() over (
            partition by line.submission_id, line.sheet_name, line.row_no
            order by accepted.period
        ) as nearness,
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
            and file.period < accepted.period
            and substr(file.period, 1, 4) = substr(accepted.period, 1, 4)
),

final as (
    select
        submission_id,
        sheet_name,
        row_no,
        next_period,
        next_unit_code,
        next_month_value,
        next_level,
        next_numerator,
        next_denominator,
        is_next_corrected,
    from later
    where nearness = 1
)

select * from final
