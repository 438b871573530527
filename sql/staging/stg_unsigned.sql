-- comment: 待审签的报表
-- purpose: Of each unit and month the report accepted last, where its second person has yet to confirm it. What a later one has replaced need not be signed any more.
-- grain: submission_id
with

version as (
    select submission_id,
    from staging.stg_version
    where is_current
),

submission as (
    select
        submission_id,
        plan_id,
        unit_code,
        period,
        file_name,
        accepted_at,
    from staging.stg_submission
    where counted_at is null
),

final as (
    select
        submission.submission_id,
        submission.plan_id,
        submission.unit_code,
        submission.period,
        submission.file_name,
        submission.accepted_at,
    from version
    inner join submission
        on version.submission_id = submission.submission_id
)

select * from final
