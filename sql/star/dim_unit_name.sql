-- comment: 维度：各期单位名称
-- purpose: What each unit was called in each opened period: the last name taken up to that month, or else its first.
-- grain: plan_id, period, unit_code
with

period as (
    select
        plan_id,
        period,
    from raw.period
),

unit as (
    select
        plan_id,
        unit_code,
        valid_from,
        unit_name,
        substring(cast(valid_from as varchar), 1, 7) as from_period,
    from raw.unit
),

candidate as (
    select
        period.plan_id,
        period.period,
        unit.unit_code,
        unit.unit_name,
        row_number() over (
            partition by period.plan_id, period.period, unit.unit_code
            order by
                case when unit.from_period <= period.period then 0 else 1 end,
                case when unit.from_period <= period.period then unit.valid_from end desc,
                unit.valid_from
        ) as preference_no,
    from period
    inner join unit
        on period.plan_id = unit.plan_id
),

final as (
    select
        plan_id,
        period,
        unit_code,
        unit_name,
    from candidate
    where preference_no = 1
)

select * from final
