-- comment: 各单位报送情况
-- purpose: For BI: one row per unit that owes or may send something in an opened period.
-- grain: plan_id, period, unit_code
-- nulls: first_received_at null: nothing came. accepted_at, is_late, timing null: nothing accepted.
-- units: revision_count counts accepted versions; reject_count and warn_count count faults, zero when none.
with

final as (
    select
        plan_id,
        period,
        unit_code,
        role,
        is_required,
        submission_status,
        due_at,
        first_received_at,
        first_accepted_at as accepted_at,
        is_late,
        revision_count,
        reject_count,
        warn_count,
        timing,
        is_missed,
    from marts.submission_status
)

select * from final
