-- comment: 报送文件经过（每份文件一行）
-- fact: accumulating
-- adds: 文件数（行数）、问题数可跨任何分组相加；迟到小时数只取各单位各期的第一版（version_no 为 1）求平均
-- purpose: For BI: the life of every file received: when it came, how many hours after the due hour it counted (or came, if it does not count), what became of it, and until when it was the one that counts.
-- grain: submission_id
-- nulls: period null: the file names none. due_at, hours_late, file_timing null: it names no opened period. version_no, accepted_at null: not accepted. replaced_at null: not replaced, or not accepted.
-- units: hours_late in hours, 0 in time.
with

submission as (
    select
        submission_id,
        plan_id,
        period,
        unit_code,
        received_at,
        verdict,
        accepted_at,
        file_timing,
        file_reject_count,
        file_warn_count,
        version_no,
        is_current,
        lead(case when version_no is not null then accepted_at end) over (
            partition by plan_id, period, unit_code, version_no is not null order by version_no, submission_id
        ) as next_accepted_at,
    from star.fct_submission
),

opened as (
    select
        plan_id,
        period,
        period_start,
        due_at as month_due_at,
    from marts.period_status
),

duty as (
    select
        plan_id,
        period,
        unit_code,
        due_at as unit_due_at,
        unit_name as named_unit_name,
    from marts.submission_status
),

unit as (
    select
        plan_id,
        unit_code,
        unit_name,
    from marts.unit
),

dated as (
    select
        submission.submission_id,
        submission.plan_id,
        submission.period,
        opened.period_start,
        opened.period as opened_period,
        submission.unit_code,
        coalesce(duty.named_unit_name, unit.unit_name, submission.unit_code) as unit_name,
        coalesce(duty.unit_due_at, opened.month_due_at) as due_at,
        submission.received_at,
        submission.verdict,
        submission.accepted_at,
        submission.file_timing,
        submission.file_reject_count,
        submission.file_warn_count,
        submission.version_no,
        submission.is_current,
        case when submission.version_no is not null then submission.next_accepted_at end as replaced_at,
    from submission
    left join opened
        on
            submission.plan_id = opened.plan_id
            and submission.period = opened.period
    left join duty
        on
            submission.plan_id = duty.plan_id
            and submission.period = duty.period
            and submission.unit_code = duty.unit_code
    left join unit
        on
            submission.plan_id = unit.plan_id
            and submission.unit_code = unit.unit_code
),

final as (
    select
        plan_id,
        period,
        period_start,
        submission_id,
        unit_code,
        unit_name,
        verdict,
        received_at,
        due_at,
        case
            when coalesce(accepted_at, received_at) > due_at
                then cast(date_diff('second', due_at, coalesce(accepted_at, received_at)) as double) / 3600
            when due_at is not null then 0
        end as hours_late,
        file_timing,
        accepted_at,
        version_no,
        is_current,
        replaced_at,
        file_reject_count,
        file_warn_count,
        coalesce(opened_period, '0000-00') as period_key,
    from dated
)

select * from final
