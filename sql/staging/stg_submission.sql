-- comment: 收到的文件及其结论
-- purpose: Every file received, of the unit it speaks for, with its verdict and whether it came in time, late, or only after its period was frozen.
-- grain: submission_id
-- units: due_at is the hour that held for the unit: the month's, or a later one it was given. is_late and timing are asked of the file's arrival. counted_at: from when an accepted file counts, its arrival or, in the months from raw.plan.signed_from on, its signature if that is later.
-- nulls: verdict null: not judged yet. is_late, timing null: the file names no opened period. counted_at null: not accepted, or not signed though it has to be.
with

submission as (
    select
        submission_id,
        plan_id,
        coalesce(for_unit_code, unit_code) as unit_code,
        file_name,
        delivery_order,
        sha256,
        byte_count,
        received_at,
        reading,
        form_unit,
        form_period,
        period,
        template_version,
    from raw.submission
),

verdict as (
    select
        submission_id,
        verdict,
        accepted_at,
        reject_count,
        warn_count,
        note_count,
        rules_version,
    from raw.verdict
),

period as (
    select
        plan_id,
        period,
        due_at,
        freeze_at,
    from raw.period
),

plan as (
    select
        plan_id,
        signed_from,
    from raw.plan
),

signature as (
    select
        submission_id,
        signed_at,
    from staging.stg_signature
),

extension as (
    select
        plan_id,
        period,
        unit_code,
        until_at,
    from staging.stg_extension
),

arrived as (
    select
        submission.submission_id,
        period.freeze_at,
        greatest(period.due_at, coalesce(extension.until_at, period.due_at)) as due_at,
    from submission
    inner join period
        on
            submission.plan_id = period.plan_id
            and submission.period = period.period
    left join extension
        on
            submission.plan_id = extension.plan_id
            and submission.period = extension.period
            and submission.unit_code = extension.unit_code
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
        submission.reading,
        submission.form_unit,
        submission.form_period,
        submission.period,
        submission.template_version,
        verdict.verdict,
        verdict.accepted_at,
        verdict.reject_count,
        verdict.warn_count,
        verdict.note_count,
        verdict.rules_version,
        arrived.due_at,
        submission.received_at > arrived.due_at as is_late,
        case
            when submission.received_at <= arrived.due_at then 'on_time'
            when submission.received_at <= arrived.freeze_at then 'late'
            when submission.received_at > arrived.freeze_at then 'supplementary'
        end as timing,
        arrived.freeze_at,
        case
            when verdict.accepted_at is null then null
            when coalesce(submission.period, '') < coalesce(plan.signed_from, '9999-12') then verdict.accepted_at
            when signature.signed_at is not null then greatest(verdict.accepted_at, signature.signed_at)
        end as counted_at,
    from submission
    left join verdict
        on submission.submission_id = verdict.submission_id
    left join arrived
        on submission.submission_id = arrived.submission_id
    left join plan
        on submission.plan_id = plan.plan_id
    left join signature
        on submission.submission_id = signature.submission_id
)

select * from final
