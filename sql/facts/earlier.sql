-- comment: 校验用：以前报的数
-- purpose: For every line, what the indicator's last accepted month of the same year says, whichever unit reported it (of a contribution the unit's own), and for how many months nothing has changed. Before any month is accepted, what the plan says had been reached when the county began. Lines without either are left out.
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
        level_value,
        numerator,
        denominator,
    from facts.line
),

opening as (
    select
        plan_id,
        period,
        section,
        indicator_code,
        contributor_code,
        member_code,
        level_value,
        numerator,
        denominator,
    from raw.opening
),

accepted as (
    select
        submission_id,
        sheet_name,
        row_no,
        accepted_period as prior_period,
        level_value as prior_level,
        numerator as prior_numerator,
        denominator as prior_denominator,
        is_other_standing as is_different,
        false as is_opening,
    from facts.history
    where
        accepted_period < period
        and (level_value is not null or numerator is not null)
),

begun as (
    select
        line.submission_id,
        line.sheet_name,
        line.row_no,
        opening.period as prior_period,
        opening.level_value as prior_level,
        opening.numerator as prior_numerator,
        opening.denominator as prior_denominator,
        coalesce(
            line.level_value is distinct from opening.level_value
            or line.numerator is distinct from opening.numerator
            or line.denominator is distinct from opening.denominator,
            false
        ) as is_different,
        true as is_opening,
    from judged
    inner join file
        on judged.submission_id = file.submission_id
    inner join line
        on file.submission_id = line.submission_id
    inner join opening
        on
            file.plan_id = opening.plan_id
            and case when line.section = 'contribution' then file.unit_code else 'lead' end = opening.contributor_code
            and line.section = opening.section
            and line.indicator_code = opening.indicator_code
            and coalesce(line.member_code, '') = coalesce(opening.member_code, '')
            and file.period > opening.period
),

known as (
    select * from accepted
    union all
    select * from begun
),

before as (
    select
        submission_id,
        sheet_name,
        row_no,
        prior_period,
        prior_level,
        prior_numerator,
        prior_denominator,
        is_different,
        row_number() over (
            partition by submission_id, sheet_name, row_no
            order by is_opening asc, prior_period desc
        ) as recency,
    from known
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
    from before
    group by submission_id, sheet_name, row_no
)

select * from final
