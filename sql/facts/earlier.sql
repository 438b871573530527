-- comment: 校验用：以前报的数
-- purpose: For every line, what the indicator's last accepted month of the same year says, whichever unit reported it (of a contribution the unit's own), and for how many months nothing has changed. Lines without such a month are left out.
-- grain: submission_id, sheet_name, row_no
-- nulls: prior_level null: no level is asked for; prior_numerator, prior_denominator null: no ratio is.
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
        level_value,
        numerator,
        denominator,
    from facts.line
),

accepted as (
    select
        plan_id,
        contributor_code,
        period,
        section,
        indicator_code,
        member_code,
        level_value,
        numerator,
        denominator,
    from facts.accepted
    where level_value is not null or numerator is not null
),

earlier as (
    select
        line.submission_id,
        line.sheet_name,
        line.row_no,
        accepted.period as prior_period,
        accepted.level_value as prior_level,
        accepted.numerator as prior_numerator,
        accepted.denominator as prior_denominator,
        coalesce(
            line.level_value is distinct from accepted.level_value
            or line.numerator is distinct from accepted.numerator
            or line.denominator is distinct from accepted.denominator,
            false
        ) as is_different,
        row_number() over (
            partition by line.submission_id, line.sheet_name, line.row_no
            order by accepted.period desc
        ) as recency,
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
            and file.period > accepted.period
            and substr(file.period, 1, 4) = substr(accepted.period, 1, 4)
),

final as (
    select
        submission_id,
        sheet_name,
        row_no,
        max(case when recency = 1 then prior_period end) as prior_period,
        max(case when recency = 1 then prior_level end) as prior_level,
        max(case when recency = 1 then prior_numerator end) as prior_numerator,
        max(case when recency = 1 then prior_denominator end) as prior_denominator,
        coalesce(min(case when is_different then recency end), count(*) + 1) - 1 as unchanged_months,
    from earlier
    group by submission_id, sheet_name, row_no
)

select * from final
