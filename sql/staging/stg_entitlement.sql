-- comment: 可以报送哪个月哪个指标
-- purpose: Which unit may report an indicator's month: who owes it, and who has led the indicator in a month since, for whoever leads it now answers for its whole history.
-- grain: plan_id, period, unit_code, indicator_code
-- units: since_period: the first month, not before the one reported, in which the unit led or leads the indicator.
with

obligation as (
    select
        plan_id,
        period,
        unit_code,
        indicator_code,
    from raw.obligation
    where role = 'lead'
),

period as (
    select
        plan_id,
        period,
    from raw.period
),

lead as (
    select
        plan_id,
        period,
        unit_code,
        indicator_code,
    from raw.lead
),

entitled as (
    select
        plan_id,
        period,
        unit_code,
        indicator_code,
        period as since_period,
    from obligation
    union all
    select
        period.plan_id,
        period.period,
        lead.unit_code,
        lead.indicator_code,
        lead.period as since_period,
    from period
    inner join lead
        on
            period.plan_id = lead.plan_id
            and period.period <= lead.period
),

final as (
    select
        plan_id,
        period,
        unit_code,
        indicator_code,
        min(since_period) as since_period,
    from entitled
    group by plan_id, period, unit_code, indicator_code
)

select * from final
