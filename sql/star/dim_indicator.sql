-- comment: 维度：指标
-- purpose: The indicators of a plan: what is counted and how it is judged.
-- grain: plan_id, indicator_code
-- nulls: is_register_known null: the indicator needs no register. register_known_from null: ever since, or never.
-- units: is_rate: the value is a numerator over a denominator, from 0 to 1; otherwise it is in unit_of_measure.
with

indicator as (
    select
        plan_id,
        indicator_code,
        item_code,
        indicator_no,
        indicator_name,
        kind,
        comparator,
        polarity,
        unit_of_measure,
        value_type,
        progress_basis,
        register_code,
        register_scope,
        may_fall,
        is_month_ratio,
        takes_contributions,
        provincial_task_code,
        definition,
    from raw.indicator
),

register as (
    select
        plan_id,
        register_code,
        register_name,
        is_known,
        known_from,
    from raw.register
),

final as (
    select
        indicator.plan_id,
        indicator.indicator_code,
        indicator.item_code,
        indicator.indicator_no,
        indicator.indicator_name,
        indicator.kind,
        indicator.comparator,
        indicator.polarity,
        indicator.unit_of_measure,
        indicator.kind in ('ratio', 'coverage') and indicator.unit_of_measure = '%' as is_rate,
        indicator.value_type = 'integer' as is_counted_whole,
        indicator.progress_basis,
        indicator.register_code,
        indicator.register_scope,
        case when indicator.register_code is not null then coalesce(register.is_known, false) end as is_register_known,
        register.known_from as register_known_from,
        indicator.may_fall,
        indicator.is_month_ratio,
        indicator.takes_contributions,
        indicator.provincial_task_code,
        indicator.definition,
        register.register_name,
    from indicator
    left join register
        on
            indicator.plan_id = register.plan_id
            and indicator.register_code = register.register_code
)

select * from final
