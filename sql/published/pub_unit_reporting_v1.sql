-- comment: 单位报送质量（年内截至本期）
-- fact: snapshot
-- adds: 年内截至本期的月数，可跨单位相加，不可跨月份相加；率用分子分母之和相除
-- purpose: For BI: how many of the months so far each unit reported in time and passed at once, and its place by that.
-- grain: plan_id, period, unit_code
-- nulls: on_time_ratio, timeliness_rank_no null: no month has been due yet. first_pass_ratio null: nothing was judged yet.
-- units: counts of months of the plan year up to the period, the due ones divided into on time, late, missing and overdue; ratios from 0 to 1.
with

reporting as (
    select
        plan_id,
        period,
        unit_code,
        unit_name,
        due_month_count,
        on_time_month_count,
        late_month_count,
        missing_month_count,
        on_time_ratio,
        judged_month_count,
        first_pass_month_count,
        first_pass_ratio,
        timeliness_rank_no,
        supplementary_month_count,
        overdue_month_count,
    from marts.unit_reporting
),

period as (
    select
        plan_id,
        period,
        period_start,
        is_latest_due,
    from marts.period_status
),

final as (
    select
        reporting.plan_id,
        reporting.period,
        period.period_start,
        reporting.unit_code,
        reporting.unit_name,
        reporting.due_month_count,
        reporting.on_time_month_count,
        reporting.late_month_count,
        reporting.missing_month_count,
        reporting.on_time_ratio,
        reporting.judged_month_count,
        reporting.first_pass_month_count,
        reporting.first_pass_ratio,
        reporting.timeliness_rank_no,
        reporting.supplementary_month_count,
        reporting.overdue_month_count,
        period.is_latest_due,
    from reporting
    inner join period
        on
            reporting.plan_id = period.plan_id
            and reporting.period = period.period
)

select * from final
