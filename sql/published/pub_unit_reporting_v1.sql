-- comment: 单位报送质量（年内截至本期）
-- purpose: For BI: how many of the months so far each unit reported in time and passed at once, and its place by that.
-- grain: plan_id, period, unit_code
-- nulls: on_time_ratio, timeliness_rank_no null: no month has been due yet. first_pass_ratio null: nothing was judged yet.
-- units: counts of months of the plan year up to the period, the due ones divided into on time, late, missing and overdue; ratios from 0 to 1.
with

final as (
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
)

select * from final
