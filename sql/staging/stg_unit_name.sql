-- comment: 单位名称的适用时段
-- purpose: What each unit is called from month to month. A name holds from the month in which it is taken, the first since ever.
-- grain: plan_id, unit_code, valid_from
-- nulls: from_period null: since ever. to_period null: in force.
with

unit as (
    select
        plan_id,
        unit_code,
        valid_from,
        unit_name,
        substr(cast(valid_from as varchar), 1, 7) as from_month,
        row_number() over (partition by plan_id, unit_code order by valid_from) as name_no,
    from raw.unit
),

final as (
    select
        plan_id,
        unit_code,
        valid_from,
        unit_name,
        case when name_no > 1 then from_month end as from_period,
        lead(from_month) over (partition by plan_id, unit_code order by valid_from) as to_period,
    from unit
)

select * from final
