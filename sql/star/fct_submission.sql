-- comment: 事实：收到的文件
-- purpose: Every file received with its verdict; accepted ones are numbered as versions of the unit's report for the period, by time and then by delivery_order; effect_no is the same order over all units of the month.
-- grain: submission_id
-- nulls: verdict null: not judged yet. version_no, effect_no null: not accepted. period, file_timing null: the file names none.
with

submission as (
    select
        submission_id,
        plan_id,
        period,
        unit_code,
        file_name,
        sha256,
        received_at,
        verdict,
        accepted_at,
        reject_count,
        warn_count,
        note_count,
        is_late as is_after_due,
        timing,
    from staging.stg_submission
),

version as (
    select
        submission_id,
        version_no,
        effect_no,
        is_current,
    from staging.stg_version
),

final as (
    select
        submission.submission_id,
        submission.plan_id,
        submission.period,
        submission.unit_code,
        submission.file_name,
        submission.sha256,
        submission.received_at,
        submission.verdict,
        submission.accepted_at,
        submission.is_after_due,
        submission.timing as file_timing,
        submission.reject_count as file_reject_count,
        submission.warn_count as file_warn_count,
        submission.note_count as file_note_count,
        version.version_no,
        version.effect_no,
        coalesce(version.is_current, false) as is_current,
    from submission
    left join version
        on submission.submission_id = version.submission_id
)

select * from final
