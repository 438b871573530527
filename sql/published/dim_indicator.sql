-- comment: 指标目录（口径、期限、目标，以最近开启的报送期为准；几个县之间按省级任务比较）
-- fact: dimension
-- purpose: For BI: the indicators of each plan: what is counted and how it is judged, as is in force in the last month opened, or at first when none is; and the provincial task by which those of several counties compare.
-- grain: plan_id, indicator_code
-- nulls: provincial_task_code null: the plan names none. target_value, original_target_value null: a comparison with last year. base_value, fixed_denominator, member_target null: not given. register_* null: no register is needed. definition null: written by an earlier version.
-- units: targets in base units; rates are 0 to 1.
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
        definition,
        register_name,
        register_scope,
        is_register_known,
        may_fall,
        takes_contributions,
        provincial_task_code,
    from star.dim_indicator
),

item as (
    select
        plan_id,
        item_code,
        item_name,
    from star.dim_item
),

latest as (
    select
        plan_id,
        max(period) as latest_period,
    from marts.period_status
    group by plan_id
),

version as (
    select
        version.plan_id,
        version.indicator_code,
        version.lead_unit_code,
        version.deadline_date,
        version.base_value,
        version.fixed_denominator,
        version.member_target,
    from star.dim_indicator_version as version
    left join latest
        on version.plan_id = latest.plan_id
    where
        coalesce(version.from_period, '0000-01') <= coalesce(latest.latest_period, '0000-01')
        and coalesce(version.to_period, '9999-12') > coalesce(latest.latest_period, '0000-01')
),

lead_unit as (
    select
        plan_id,
        unit_code,
        unit_name,
    from marts.unit
),

target as (
    select
        target.plan_id,
        target.indicator_code,
        target.target_value,
        target.as_written,
        target.document_no,
    from star.dim_target as target
    left join latest
        on target.plan_id = latest.plan_id
    where
        coalesce(target.from_period, '0000-01') <= coalesce(latest.latest_period, '0000-01')
        and coalesce(target.to_period, '9999-12') > coalesce(latest.latest_period, '0000-01')
),

original as (
    select
        plan_id,
        indicator_code,
        target_value as original_target_value,
    from star.dim_target
    where target_version_no = 1
),

final as (
    select
        indicator.plan_id,
        indicator.indicator_code,
        indicator.item_code,
        indicator.indicator_name,
        indicator.provincial_task_code,
        indicator.indicator_no,
        item.item_name,
        indicator.definition,
        indicator.kind,
        indicator.unit_of_measure,
        indicator.comparator,
        indicator.polarity,
        indicator.progress_basis,
        target.target_value,
        target.as_written,
        target.document_no as target_document_no,
        original.original_target_value,
        version.deadline_date,
        version.lead_unit_code,
        lead_unit.unit_name as lead_unit_name,
        version.base_value,
        version.fixed_denominator,
        version.member_target,
        indicator.register_name,
        indicator.register_scope,
        indicator.is_register_known,
        indicator.may_fall,
        indicator.takes_contributions,
    from indicator
    inner join item
        on
            indicator.plan_id = item.plan_id
            and indicator.item_code = item.item_code
    left join version
        on
            indicator.plan_id = version.plan_id
            and indicator.indicator_code = version.indicator_code
    left join lead_unit
        on
            version.plan_id = lead_unit.plan_id
            and version.lead_unit_code = lead_unit.unit_code
    left join target
        on
            indicator.plan_id = target.plan_id
            and indicator.indicator_code = target.indicator_code
    left join original
        on
            indicator.plan_id = original.plan_id
            and indicator.indicator_code = original.indicator_code
)

select * from final
