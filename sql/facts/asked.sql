-- comment: 校验用：指标要填的数
-- purpose: Which numbers an indicator's kind asks for, in each of the three tables; any other number is not used.
-- grain: plan_id, indicator_code, section, field
-- section: report 填报，contribution 配合事项，detail 明细
-- field: 列的代号
-- value_type: integer 只能是整数，decimal 可以有小数
with

indicator as (
    select
        plan_id,
        indicator_code,
        kind,
        value_type,
        register_scope,
    from raw.indicator
),

place as (
    select
        'report' as section,
        'month' as field,
    union all
    select
        'report' as section,
        'cumulative' as field,
    union all
    select
        'report' as section,
        'numerator' as field,
    union all
    select
        'report' as section,
        'denominator' as field,
    union all
    select
        'contribution' as section,
        'month' as field,
    union all
    select
        'contribution' as section,
        'cumulative' as field,
    union all
    select
        'detail' as section,
        'value' as field,
),

final as (
    select
        indicator.plan_id,
        indicator.indicator_code,
        place.section,
        place.field,
        indicator.value_type,
    from indicator
    cross join place
    where
        case
            when place.section = 'detail' then true
            when indicator.register_scope is not null then false
            when indicator.kind in ('ratio', 'coverage') then place.field in ('numerator', 'denominator')
            when indicator.kind = 'stock' then place.field = 'cumulative'
            else place.field in ('month', 'cumulative')
        end
)

select * from final
