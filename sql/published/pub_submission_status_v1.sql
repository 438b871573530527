-- comment: 各单位报送情况（每期每个应报或可报的单位一行）
-- fact: snapshot
-- adds: 单位数（行数）、版本数、问题数可跨单位相加，也可跨月份相加为“单位月”数
-- purpose: For BI: one row per unit that owes or may send something in an opened period.
-- grain: plan_id, period, unit_code
-- nulls: first_received_at null: nothing came. accepted_at, is_late, timing null: nothing accepted.
-- units: revision_count counts accepted versions; reject_count and warn_count count faults, zero when none.
with

submission as (
    select
        plan_id,
        period,
        unit_code,
        role,
        is_required,
        submission_status,
        due_at,
        first_received_at,
        first_accepted_at,
        is_late,
        revision_count,
        reject_count,
        warn_count,
        timing,
        is_missed,
        unit_name,
    from marts.submission_status
),

period as (
    select
        plan_id,
        period,
        period_start,
        is_latest_due,
    from marts.period_status
),

final as (
    select
        submission.plan_id,
        submission.period,
        period.period_start,
        submission.unit_code,
        submission.role,
        submission.is_required,
        submission.submission_status,
        submission.due_at,
        submission.first_received_at,
        submission.first_accepted_at as accepted_at,
        submission.is_late,
        submission.revision_count,
        submission.reject_count,
        submission.warn_count,
        submission.timing,
        submission.is_missed,
        submission.unit_name,
        period.is_latest_due,
    from submission
    left join period
        on
            submission.plan_id = period.plan_id
            and submission.period = period.period
)

select * from final
