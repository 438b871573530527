-- comment: 已接收文件的版本
-- purpose: The files accepted from a unit for a month, in the order in which they took effect: the last one counts. effect_no: the same order over all units of the plan's month, for an indicator's month may come from more than one.
-- grain: submission_id
with

submission as (
    select
        submission_id,
        plan_id,
        unit_code,
        period,
        file_name,
        delivery_order,
        sha256,
        accepted_at,
    from staging.stg_submission
    where verdict = 'accepted'
),

numbered as (
    select
        submission_id,
        plan_id,
        unit_code,
        period,
        sha256,
        row_number() over (
            partition by plan_id, unit_code, period
            order by accepted_at, delivery_order, file_name, submission_id
        ) as version_no,
        row_number() over (
            partition by plan_id, period
            order by accepted_at, delivery_order, file_name, submission_id
        ) as effect_no,
        count(*) over (partition by plan_id, unit_code, period) as version_count,
    from submission
),

final as (
    select
        submission_id,
        plan_id,
        unit_code,
        period,
        sha256,
        version_no,
        version_no = version_count as is_current,
        effect_no,
    from numbered
)

select * from final
