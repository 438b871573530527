-- comment: 已校验、尚未发布的文件
-- purpose: Files with a verdict that no publication was made from yet: what is built next is to tell of them.
-- grain: submission_id
-- nulls: period null: the file names no month that can be read.
with

submission as (
    select
        submission_id,
        plan_id,
        received_at,
        period,
    from raw.submission
),

verdict as (
    select submission_id,
    from raw.verdict
),

published as (
    select submission_id,
    from raw.built
    where is_published
),

final as (
    select
        submission.submission_id,
        submission.plan_id,
        submission.received_at,
        submission.period,
    from submission
    inner join verdict
        on submission.submission_id = verdict.submission_id
    left join published
        on submission.submission_id = published.submission_id
    where published.submission_id is null
)

select * from final
