-- comment: 事实：收到的文件
-- purpose: Every file received with its verdict; those that count are numbered as versions of the unit's report for the period, by time and then by delivery_order; effect_no is the same order over all units of the month.
-- grain: submission_id
-- units: accepted_at is the moment from which the file counts: its arrival or, where it has to be signed, its signature; is_after_due and file_timing are asked of that, of what does not count of the arrival.
-- nulls: verdict null: not judged yet. accepted_at, version_no, effect_no null: not accepted, or not signed. period, file_timing null: the file names none.
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
        counted_at,
        is_late,
        timing,
    from staging.stg_counted
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
        version.counted_at as accepted_at,
        coalesce(version.is_late, submission.is_after_due) as is_after_due,
        coalesce(version.timing, submission.timing) as file_timing,
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
