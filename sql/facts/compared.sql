-- comment: 校验用：审核所对照的文件
-- purpose: The files whose lines are needed to judge: those being judged, what stands of the indicators they speak of in any month of the plan, and whatever contributes to an indicator they report. All other files concern them in nothing.
-- grain: submission_id
with

judged as (
    select submission_id,
    from facts.judged
),

submission as (
    select
        submission_id,
        plan_id,
        coalesce(for_unit_code, unit_code) as unit_code,
    from raw.submission
),

line as (
    select distinct
        submission_id,
        section,
        indicator_code,
    from raw.cell
    where section in ('report', 'contribution', 'detail')
),

standing as (
    select
        plan_id,
        section,
        indicator_code,
        contributor_code,
        submission_id,
    from facts.standing
),

about as (
    select
        submission.submission_id,
        submission.plan_id,
        submission.unit_code,
    from judged
    inner join submission
        on judged.submission_id = submission.submission_id
),

spoken as (
    select distinct
        about.plan_id,
        line.section,
        line.indicator_code,
        case when line.section = 'contribution' then about.unit_code else 'lead' end as contributor_code,
    from about
    inner join line
        on about.submission_id = line.submission_id
),

contribution as (
    select
        submission.submission_id,
        submission.plan_id,
        line.indicator_code,
    from submission
    inner join line
        on submission.submission_id = line.submission_id
    where line.section = 'contribution'
),

final as (
    select submission_id,
    from about
    union
    select standing.submission_id,
    from standing
    inner join spoken
        on
            standing.plan_id = spoken.plan_id
            and standing.section = spoken.section
            and standing.indicator_code = spoken.indicator_code
            and standing.contributor_code = spoken.contributor_code
    union
    select contribution.submission_id,
    from contribution
    inner join spoken
        on
            contribution.plan_id = spoken.plan_id
            and contribution.indicator_code = spoken.indicator_code
            and spoken.section = 'report'
)

select * from final
