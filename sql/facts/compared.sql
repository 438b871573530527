-- comment: 校验用：审核所对照的文件
-- purpose: The files whose lines are needed to judge: those being judged, what stands accepted of their units, and whatever contributes to an indicator they report. All other files concern them in nothing.
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
        unit_code,
    from raw.submission
),

version as (
    select
        submission_id,
        plan_id,
        unit_code,
    from staging.stg_version
    where is_current
),

line as (
    select distinct
        submission_id,
        section,
        indicator_code,
    from raw.cell
    where section in ('report', 'contribution')
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

reported as (
    select distinct
        about.plan_id,
        line.indicator_code,
    from about
    inner join line
        on about.submission_id = line.submission_id
    where line.section = 'report'
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
    select version.submission_id,
    from version
    inner join about
        on
            version.plan_id = about.plan_id
            and version.unit_code = about.unit_code
    union
    select contribution.submission_id,
    from contribution
    inner join reported
        on
            contribution.plan_id = reported.plan_id
            and contribution.indicator_code = reported.indicator_code
)

select * from final
