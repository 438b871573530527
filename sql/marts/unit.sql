-- comment: 责任单位（每单位一行）
-- purpose: Every unit once, under its newest name, with who has taken over from it; every sender the plan does not know, and NONE for whom mails go to besides units, so that no fact is without a unit.
-- grain: plan_id, unit_code
-- nulls: valid_to null: still there. successor_* null: nobody has taken over. full_name, valid_from null: the plan does not know it.
with

dated as (
    select
        plan_id,
        unit_code,
        unit_name,
        full_name,
        unit_type,
        valid_to,
        successor_unit_code,
        min(valid_from) over (partition by plan_id, unit_code) as first_valid_from,
        row_number() over (partition by plan_id, unit_code order by valid_from desc) as newest_no,
    from star.dim_unit
),

sender as (
    select distinct
        plan_id,
        unit_code,
    from star.fct_submission
    where unit_code <> 'NONE'
),

newest as (
    select
        plan_id,
        unit_code,
        unit_name,
        full_name,
        unit_type,
        first_valid_from,
        valid_to,
        successor_unit_code,
    from dated
    where newest_no = 1
),

final as (
    select
        newest.plan_id,
        newest.unit_code,
        newest.unit_name,
        newest.full_name,
        newest.unit_type,
        newest.first_valid_from as valid_from,
        newest.valid_to,
        newest.successor_unit_code,
        successor.unit_name as successor_unit_name,
        true as is_in_plan,
    from newest
    left join newest as successor
        on
            newest.plan_id = successor.plan_id
            and newest.successor_unit_code = successor.unit_code
    union all
    select
        sender.plan_id,
        sender.unit_code,
        sender.unit_code as unit_name,
        cast(null as varchar) as full_name,
        'unknown' as unit_type,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        cast(null as varchar) as successor_unit_code,
        cast(null as varchar) as successor_unit_name,
        false as is_in_plan,
    from sender
    left join newest
        on
            sender.plan_id = newest.plan_id
            and sender.unit_code = newest.unit_code
    where sender.unit_code is not null and newest.unit_code is null
    union all
    select distinct
        newest.plan_id,
        'NONE' as unit_code,
        '方案以外的收件人' as unit_name,
        cast(null as varchar) as full_name,
        'unknown' as unit_type,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        cast(null as varchar) as successor_unit_code,
        cast(null as varchar) as successor_unit_name,
        false as is_in_plan,
    from newest
    left join newest as named
        on
            newest.plan_id = named.plan_id
            and named.unit_code = 'NONE'
    where named.unit_code is null
)

select * from final
