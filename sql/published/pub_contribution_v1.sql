-- comment: 配合单位报数（用来说明牵头单位的总数，不计入其中）
-- fact: snapshot
-- adds: 本月数可跨单位、月份相加，累计数只可跨单位相加；都不可与牵头单位的总数相加
-- purpose: For BI: what supporting units report of an indicator in the files of the month that count. It explains the lead unit's total and is never added to it.
-- grain: plan_id, period, unit_code, indicator_code
-- nulls: a value null: not given, never zero.
-- units: values in the indicator's unit_of_measure.
with

contribution as (
    select
        plan_id,
        period,
        unit_code,
        item_code,
        indicator_code,
        month_value,
        cumulative_value,
        is_zero_report,
        submission_id,
    from star.fct_contribution
    where is_current and indicator_code is not null and coalesce(month_value, cumulative_value) is not null
),

indicator as (
    select
        plan_id,
        indicator_code,
        indicator_name,
        unit_of_measure,
    from star.dim_indicator
),

unit as (
    select
        plan_id,
        period,
        unit_code,
        unit_name,
    from marts.submission_status
),

final as (
    select
        contribution.plan_id,
        contribution.period,
        cast(contribution.period || '-01' as date) as period_start,
        contribution.unit_code,
        unit.unit_name,
        contribution.item_code,
        contribution.indicator_code,
        indicator.indicator_name,
        indicator.unit_of_measure,
        contribution.month_value,
        contribution.cumulative_value,
        contribution.is_zero_report,
        contribution.submission_id,
    from contribution
    inner join indicator
        on
            contribution.plan_id = indicator.plan_id
            and contribution.indicator_code = indicator.indicator_code
    left join unit
        on
            contribution.plan_id = unit.plan_id
            and contribution.period = unit.period
            and contribution.unit_code = unit.unit_code
)

select * from final
