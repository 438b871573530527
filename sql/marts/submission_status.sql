-- comment: 各单位报送情况
-- purpose: Spine of every unit that owes or may send something in an opened period, joined with what came. Duplicates and files not judged yet do not count; what is accepted and has yet to be signed is 'unsigned' and counts for nothing.
-- grain: plan_id, period, unit_code
-- nulls: first_received_at null: nothing came. first_accepted_at, is_late, timing null: nothing counts. is_first_pass null: nothing judged. What is due or missed is judged at raw.as_of and by no other clock; a month once missed stays missed when its report is sent after all. A month that we opened only after its freeze is due from nobody.
-- units: reject_count and warn_count are faults found in all files of the period, zero when none came.
with

as_of as (
    select
        plan_id,
        as_of,
    from raw.as_of
),

obligation as (
    select
        plan_id,
        period,
        unit_code,
        role,
        is_required,
        due_at,
    from star.fct_obligation
),

frozen as (
    select
        plan_id,
        period,
        freeze_at,
        is_opened_after_freeze,
    from star.dim_period
),

unit_name as (
    select
        plan_id,
        period,
        unit_code,
        unit_name,
    from star.dim_unit_name
),

submission as (
    select
        submission_id,
        plan_id,
        period,
        unit_code,
        received_at,
        verdict,
        accepted_at,
        is_after_due,
        file_timing,
        file_reject_count,
        file_warn_count,
        version_no,
        row_number() over (
            partition by plan_id, period, unit_code order by received_at, submission_id
        ) as arrival_no,
    from star.fct_submission
    where verdict in ('accepted', 'rejected')
),

duty as (
    select
        plan_id,
        period,
        unit_code,
        min(case role when 'lead' then 1 when 'contribution' then 2 else 3 end) as role_no,
        sum(case when is_required then 1 else 0 end) > 0 as is_required,
        max(due_at) as due_at,
    from obligation
    group by plan_id, period, unit_code
),

arrival as (
    select
        plan_id,
        period,
        unit_code,
        min(received_at) as first_received_at,
        min(accepted_at) as first_accepted_at,
        max(case when version_no = 1 then case when is_after_due then 1 else 0 end end) = 1 as is_late,
        max(case when version_no = 1 then file_timing end) as timing,
        max(case when arrival_no = 1 then case when verdict = 'accepted' then 1 else 0 end end) = 1 as is_first_pass,
        count(version_no) as revision_count,
        max(case when verdict = 'accepted' then 1 else 0 end) = 1 as is_accepted,
        sum(file_reject_count) as reject_count,
        sum(file_warn_count) as warn_count,
        count(*) as file_count,
    from submission
    group by plan_id, period, unit_code
),

final as (
    select
        duty.plan_id,
        duty.period,
        duty.unit_code,
        unit_name.unit_name,
        case duty.role_no when 1 then 'lead' when 2 then 'contribution' else 'note' end as role,
        duty.is_required,
        case
            when arrival.revision_count > 0 then 'accepted'
            when arrival.is_accepted then 'unsigned'
            when arrival.first_received_at is not null then 'rejected'
            when as_of.as_of > duty.due_at and not coalesce(frozen.is_opened_after_freeze, false) then 'missing'
            else 'not_due'
        end as submission_status,
        duty.due_at,
        coalesce(as_of.as_of > duty.due_at and not coalesce(frozen.is_opened_after_freeze, false), false) as is_due,
        coalesce(frozen.is_opened_after_freeze, false) as is_excused,
        arrival.first_received_at,
        arrival.first_accepted_at,
        arrival.is_late,
        arrival.timing,
        coalesce(
            duty.is_required
            and as_of.as_of > frozen.freeze_at
            and not coalesce(frozen.is_opened_after_freeze, false)
            and coalesce(arrival.timing, 'supplementary') = 'supplementary',
            false
        ) as is_missed,
        arrival.is_first_pass,
        coalesce(arrival.revision_count, 0) as revision_count,
        cast(coalesce(arrival.reject_count, 0) as integer) as reject_count,
        cast(coalesce(arrival.warn_count, 0) as integer) as warn_count,
        coalesce(arrival.file_count, 0) as file_count,
    from duty
    left join as_of
        on duty.plan_id = as_of.plan_id
    left join frozen
        on
            duty.plan_id = frozen.plan_id
            and duty.period = frozen.period
    left join unit_name
        on
            duty.plan_id = unit_name.plan_id
            and duty.period = unit_name.period
            and duty.unit_code = unit_name.unit_code
    left join arrival
        on
            duty.plan_id = arrival.plan_id
            and duty.period = arrival.period
            and duty.unit_code = arrival.unit_code
)

select * from final
