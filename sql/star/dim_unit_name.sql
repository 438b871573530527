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

unit_name as (
    select
        plan_id,
        unit_code,
        unit_name,
        from_period,
        to_period,
    from staging.stg_unit_name
),

final as (
    select
        period.plan_id,
        period.period,
        unit_name.unit_code,
        unit_name.unit_name,
    from period
    inner join unit_name
        on
            period.plan_id = unit_name.plan_id
            and period.period >= coalesce(unit_name.from_period, '0000-01')
            and period.period < coalesce(unit_name.to_period, '9999-12')
)

select * from final
