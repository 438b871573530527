-- comment: 维度：指标
-- purpose: The indicators of a plan: what is counted, how it is judged and who leads.
-- grain: plan_id, indicator_code
-- nulls: is_register_known null: the indicator needs no register. base_value, fixed_denominator null: not given.
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
        progress_basis,
        lead_unit_code,
        register_code,
        register_scope,
        member_target,
        may_fall,
        is_month_ratio,
        takes_contributions,
        fixed_denominator,
        base_value,
        deadline_date,
        provincial_task_code,
    from raw.indicator
),

register as (
    select
        plan_id,
        register_code,
        is_known,
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
        indicator.progress_basis,
        indicator.lead_unit_code,
        indicator.register_code,
        indicator.register_scope,
        case when indicator.register_code is not null then coalesce(register.is_known, false) end as is_register_known,
        indicator.member_target,
        indicator.may_fall,
        indicator.is_month_ratio,
        indicator.takes_contributions,
        indicator.fixed_denominator,
        indicator.base_value,
        indicator.deadline_date,
        substring(cast(indicator.deadline_date as varchar), 1, 7) as deadline_period,
        indicator.provincial_task_code,
    from indicator
    left join register
        on
            indicator.plan_id = register.plan_id
            and indicator.register_code = register.register_code
)

select * from final
