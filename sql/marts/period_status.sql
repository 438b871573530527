-- comment: 报送期状态
-- purpose: How each opened period stands at the moment the marts speak of, and which of a county's is the one to look at: the last whose due hour has passed.
-- grain: plan_id, period
-- plans: together
-- nulls: period_opened_at null: opened by a version that did not note it.
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
        due_at,
        freeze_at,
        period_opened_at,
        time_progress_ratio,
        is_opened_after_freeze,
    from star.dim_period
),

plan as (
    select
        plan_id,
        county_code,
    from star.dim_plan
),

dated as (
    select
        period.plan_id,
        period.period,
        period.month_no,
        period.due_at,
        period.freeze_at,
        period.period_opened_at,
        period.time_progress_ratio,
        period.is_opened_after_freeze,
        plan.county_code,
        coalesce(as_of.as_of > period.due_at, false) as is_due,
    from period
    inner join plan
        on period.plan_id = plan.plan_id
    left join as_of
        on period.plan_id = as_of.plan_id
),

placed as (
    select
        plan_id,
        period,
        month_no,
        due_at,
        freeze_at,
        period_opened_at,
        time_progress_ratio,
        is_opened_after_freeze,
        is_due,
        max(case when is_due then period end) over (partition by county_code) as latest_due_period,
    from dated
),

final as (
    select
        plan_id,
        period,
        cast(period || '-01' as date) as period_start,
        month_no,
        due_at,
        freeze_at,
        period_opened_at,
        time_progress_ratio,
        is_opened_after_freeze,
        is_due,
        coalesce(period = latest_due_period, false) as is_latest_due,
    from placed
)

select * from final
