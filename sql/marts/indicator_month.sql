-- comment: 指标月度底表
-- purpose: Spine of every indicator in every opened period of its plan, joined with the value in force and with everything it is judged by. Judges nothing.
-- grain: plan_id, period, indicator_code
-- nulls: revision_no null: no accepted report, then all values are null. reference_value null: nothing to compare with. due_node_value null: no node is due yet.
-- units: reference_value is the target in force, or for a trend last year's cumulative value of the same months.
with

as_of as (
    select
        plan_id,
        as_of,
    from raw.as_of
),

period as (
    select
        plan_id,
        period,
        month_no,
        time_progress_ratio,
        freeze_at,
        is_opened_after_freeze,
    from star.dim_period
),

indicator as (
    select
        plan_id,
        indicator_code,
        item_code,
        indicator_no,
        indicator_name,
        unit_of_measure,
        kind,
        comparator,
        polarity,
        progress_basis,
        is_rate,
        is_counted_whole,
        is_register_known,
        may_fall,
        register_known_from,
    from star.dim_indicator
),

version as (
    select
        plan_id,
        indicator_code,
        from_period,
        to_period,
        base_value,
        lead_unit_code,
        deadline_period,
    from star.dim_indicator_version
),

item as (
    select
        plan_id,
        item_code,
        item_name,
    from star.dim_item
),

target as (
    select
        plan_id,
        indicator_code,
        from_period,
        to_period,
        target_value,
    from star.dim_target
),

last_year as (
    select
        plan_id,
        indicator_code,
        month_no,
        cumulative_value,
        from_period,
        to_period,
    from star.fct_last_year
),

node as (
    select
        plan_id,
        indicator_code,
        node_value,
        substring(cast(due_date as varchar), 1, 7) as due_period,
        from_period,
        to_period,
    from star.dim_node
),

duty as (
    select
        plan_id,
        period,
        indicator_code,
        max(unit_code) as unit_code,
    from star.fct_obligation
    where role = 'lead'
    group by plan_id, period, indicator_code
),

unit_name as (
    select
        plan_id,
        period,
        unit_code,
        unit_name,
    from star.dim_unit_name
),

closure as (
    select
        plan_id,
        indicator_code,
        closed_period,
    from star.dim_closure
),

current_value as (
    select
        plan_id,
        period,
        indicator_code,
        revision_no,
        submission_id,
        known_from,
        is_correction,
        month_value,
        numerator,
        denominator,
        actual_numerator,
        actual_denominator,
    from star.fct_indicator_report
    where known_to is null
),

spine as (
    select
        period.plan_id,
        period.period,
        period.month_no,
        period.time_progress_ratio,
        version.deadline_period,
        coalesce(as_of.as_of > period.freeze_at, false) as is_frozen,
        period.is_opened_after_freeze,
        indicator.item_code,
        indicator.indicator_code,
        indicator.indicator_no,
        indicator.indicator_name,
        indicator.unit_of_measure,
        indicator.kind,
        indicator.comparator,
        indicator.polarity,
        indicator.progress_basis,
        indicator.is_rate,
        indicator.is_counted_whole,
        indicator.is_register_known
        and coalesce(period.period >= indicator.register_known_from, true) as is_register_known,
        indicator.may_fall,
        version.base_value,
        coalesce(duty.unit_code, version.lead_unit_code) as lead_unit_code,
    from period
    inner join indicator
        on period.plan_id = indicator.plan_id
    left join version
        on
            period.plan_id = version.plan_id
            and indicator.indicator_code = version.indicator_code
            and period.period >= coalesce(version.from_period, '0000-01')
            and period.period < coalesce(version.to_period, '9999-12')
    left join as_of
        on period.plan_id = as_of.plan_id
    left join duty
        on
            period.plan_id = duty.plan_id
            and period.period = duty.period
            and indicator.indicator_code = duty.indicator_code
),

due_node as (
    select
        spine.plan_id,
        spine.period,
        spine.indicator_code,
        count(*) as node_count,
        case
            when spine.polarity = 'lower_better'
                then min(case when node.due_period <= spine.period then node.node_value end)
            else max(case when node.due_period <= spine.period then node.node_value end)
        end as due_node_value,
    from spine
    inner join node
        on
            spine.plan_id = node.plan_id
            and spine.indicator_code = node.indicator_code
            and spine.period >= coalesce(node.from_period, '0000-01')
            and spine.period < coalesce(node.to_period, '9999-12')
    group by spine.plan_id, spine.period, spine.indicator_code, spine.polarity
),

final as (
    select
        spine.plan_id,
        spine.period,
        spine.month_no,
        spine.time_progress_ratio,
        spine.period >= spine.deadline_period as is_deadline_reached,
        spine.deadline_period,
        spine.is_frozen,
        spine.is_opened_after_freeze,
        spine.item_code,
        item.item_name,
        spine.indicator_code,
        spine.indicator_no,
        spine.indicator_name,
        spine.unit_of_measure,
        spine.kind,
        spine.comparator,
        spine.polarity,
        spine.progress_basis,
        spine.is_rate,
        spine.is_counted_whole,
        spine.is_register_known,
        spine.may_fall,
        spine.base_value,
        target.target_value,
        case
            when spine.comparator = 'gt_last_year' then last_year.cumulative_value
            else target.target_value
        end as reference_value,
        closure.indicator_code is not null as is_closed,
        coalesce(due_node.node_count, 0) as node_count,
        due_node.due_node_value,
        spine.lead_unit_code,
        unit_name.unit_name as lead_unit_name,
        current_value.revision_no,
        current_value.submission_id,
        current_value.known_from as accepted_at,
        -- a first version corrects nothing, whatever was ticked in it
        coalesce(current_value.is_correction and current_value.revision_no > 1, false) as is_corrected,
        current_value.month_value,
        current_value.numerator,
        current_value.denominator,
        current_value.actual_numerator,
        current_value.actual_denominator,
    from spine
    left join item
        on
            spine.plan_id = item.plan_id
            and spine.item_code = item.item_code
    left join target
        on
            spine.plan_id = target.plan_id
            and spine.indicator_code = target.indicator_code
            and (target.from_period is null or spine.period >= target.from_period)
            and (target.to_period is null or spine.period < target.to_period)
    left join last_year
        on
            spine.plan_id = last_year.plan_id
            and spine.indicator_code = last_year.indicator_code
            and spine.month_no = last_year.month_no
            and spine.period >= coalesce(last_year.from_period, '0000-01')
            and spine.period < coalesce(last_year.to_period, '9999-12')
    left join due_node
        on
            spine.plan_id = due_node.plan_id
            and spine.period = due_node.period
            and spine.indicator_code = due_node.indicator_code
    left join closure
        on
            spine.plan_id = closure.plan_id
            and spine.indicator_code = closure.indicator_code
            and spine.period >= closure.closed_period
    left join unit_name
        on
            spine.plan_id = unit_name.plan_id
            and spine.period = unit_name.period
            and spine.lead_unit_code = unit_name.unit_code
    left join current_value
        on
            spine.plan_id = current_value.plan_id
            and spine.period = current_value.period
            and spine.indicator_code = current_value.indicator_code
)

select * from final
