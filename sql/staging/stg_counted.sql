-- comment: 计入的文件的版本
-- purpose: The accepted files that count, in the order in which they began to: from their receipt or, where a second person has to confirm, from the signature. Star and marts are made of these; what is judged is held against all that is accepted, signed or not, see stg_version.
-- grain: submission_id
-- units: counted_at is the moment from which the file counts; whether it was in time is asked of that moment.
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
        counted_at,
        due_at,
        freeze_at,
    from staging.stg_submission
    where counted_at is not null
),

numbered as (
    select
        submission_id,
        plan_id,
        unit_code,
        period,
        counted_at,
        counted_at > due_at as is_late,
        case
            when counted_at <= due_at then 'on_time'
            when counted_at <= freeze_at then 'late'
            when counted_at > freeze_at then 'supplementary'
        end as timing,
        row_number() over (
            partition by plan_id, unit_code, period
            order by counted_at, delivery_order, file_name, submission_id
        ) as version_no,
        row_number() over (
            partition by plan_id, period
            order by counted_at, delivery_order, file_name, submission_id
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
        counted_at,
        is_late,
        timing,
        version_no,
        version_no = version_count as is_current,
        effect_no,
    from numbered
)

select * from final
