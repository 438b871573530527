-- comment: 尚未审核的文件
-- purpose: Files received and not judged yet. is_waiting: the month has begun and belongs to the plan, only we have not opened it, so nothing is held against the unit.
-- grain: submission_id
-- nulls: period null: the file names no month that can be read.
with

submission as (
    select
        submission_id,
        plan_id,
        unit_code,
        file_name,
        delivery_order,
        sha256,
        byte_count,
        received_at,
        period,
        strftime(received_at, '%Y-%m') as received_month,
    from raw.submission
),

plan as (
    select
        plan_id,
        cast(plan_year as varchar) as plan_year,
    from raw.plan
),

verdict as (
    select submission_id,
    from raw.verdict
),

opened as (
    select
        plan_id,
        period,
    from raw.period
),

final as (
    select
        submission.submission_id,
        submission.plan_id,
        submission.unit_code,
        submission.file_name,
        submission.delivery_order,
        submission.sha256,
        submission.byte_count,
        submission.received_at,
        submission.period,
        coalesce(
            substring(submission.period, 1, 4) = plan.plan_year
            and submission.period <= submission.received_month
            and opened.period is null,
            false
        ) as is_waiting,
    from submission
    left join plan
        on submission.plan_id = plan.plan_id
    left join verdict
        on submission.submission_id = verdict.submission_id
    left join opened
        on
            submission.plan_id = opened.plan_id
            and submission.period = opened.period
    where verdict.submission_id is null
)

select * from final
