-- comment: 延期
-- purpose: Until when each unit may report a month in time by a decision that holds: its own, or one for every unit, whichever is later. A decision holds until its opposite.
-- grain: plan_id, period, unit_code
-- nulls: month_until_at null: there is none for every unit.
with

decision as (
    select
        plan_id,
        period,
        coalesce(unit_code, '') as unit_code,
        kind,
        until_at,
        row_number() over (
            partition by plan_id, period, coalesce(unit_code, '') order by decision_no desc
        ) as recency,
    from raw.decision
    where kind in ('extended', 'extension_ended')
),

held as (
    select
        plan_id,
        period,
        unit_code,
        until_at,
    from decision
    where recency = 1 and kind = 'extended'
),

unit as (
    select distinct
        plan_id,
        unit_code,
    from raw.unit
),

final as (
    select
        unit.plan_id,
        held.period,
        unit.unit_code,
        max(held.until_at) as until_at,
        max(case when held.unit_code = '' then held.until_at end) as month_until_at,
    from unit
    inner join held
        on
            unit.plan_id = held.plan_id
            and held.unit_code in ('', unit.unit_code)
    group by unit.plan_id, held.period, unit.unit_code
)

select * from final
