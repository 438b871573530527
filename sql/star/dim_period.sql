-- comment: 维度：报送期
-- purpose: Opened periods with their due moments and how much of the year has passed at their end.
-- grain: plan_id, period
-- units: time_progress_ratio is month_no / 12, from 0 to 1.
with

final as (
    select
        plan_id,
        period,
        month_no,
        due_at,
        freeze_at,
        opened_at as period_opened_at,
        cast(month_no as double) / 12 as time_progress_ratio,
        coalesce(opened_at > freeze_at, false) as is_opened_after_freeze,
    from raw.period
)

select * from final
