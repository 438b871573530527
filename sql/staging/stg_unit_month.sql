-- comment: 各单位各月是否报来
-- purpose: Every unit that owes or may send something for an opened month, with when the month was opened, is due and is frozen, when a report of it first counted, when one was first accepted (as long as it is not signed it does not count), and when one was last rejected. Letters about months are written from it.
-- grain: plan_id, period, unit_code
-- nulls: extended_until null: the unit has the month's due hour. accepted_at null: nothing counts. reported_at null: nothing accepted. rejected_at null: nothing rejected. has_unjudged: a file of this month waits for its verdict, so that nothing can be said yet.
with

duty as (
    select
        plan_id,
        period,
        unit_code,
        max(case when is_required then 1 else 0 end) = 1 as is_required,
    from raw.obligation
    group by plan_id, period, unit_code
),

month as (
    select
        plan_id,
        period,
        opened_at,
        due_at,
        freeze_at,
    from raw.period
),

extension as (
    select
        plan_id,
        period,
        unit_code,
        until_at,
        month_until_at,
    from staging.stg_extension
),

judged as (
    select
        plan_id,
        period,
        unit_code,
        min(counted_at) as accepted_at,
        min(accepted_at) as reported_at,
        max(case when verdict = 'rejected' then received_at end) as rejected_at,
    from staging.stg_submission
    where verdict in ('accepted', 'rejected')
    group by plan_id, period, unit_code
),

unjudged as (
    select distinct
        plan_id,
        period,
        unit_code,
    from staging.stg_unjudged
),

final as (
    select
        duty.plan_id,
        duty.period,
        duty.unit_code,
        duty.is_required,
        month.opened_at,
        greatest(month.due_at, coalesce(extension.month_until_at, month.due_at)) as due_at,
        month.freeze_at,
        extension.until_at as extended_until,
        judged.accepted_at,
        judged.reported_at,
        judged.rejected_at,
        unjudged.period is not null as has_unjudged,
    from duty
    inner join month
        on
            duty.plan_id = month.plan_id
            and duty.period = month.period
    left join extension
        on
            duty.plan_id = extension.plan_id
            and duty.period = extension.period
            and duty.unit_code = extension.unit_code
    left join judged
        on
            duty.plan_id = judged.plan_id
            and duty.period = judged.period
            and duty.unit_code = judged.unit_code
    left join unjudged
        on
            duty.plan_id = unjudged.plan_id
            and duty.period = unjudged.period
            and duty.unit_code = unjudged.unit_code
)

select * from final
