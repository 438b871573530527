-- comment: 报送期（已开启的月份、各月进展、现在该看哪一期；不属于这些月份的文件和邮件归 0000-00）
-- fact: dimension
-- purpose: For BI: the opened months, how each stands, and which is the one to look at; 0000-00 for files and mails of no opened month, so that a join loses no row.
-- grain: plan_id, period
-- nulls: period_start and all else null: of 0000-00. period_opened_at null: opened by a version that did not note it.
-- units: time_progress_ratio is month_no / 12, from 0 to 1.
with

period as (
    select
        plan_id,
        period,
        period_start,
        month_no,
        due_at,
        freeze_at,
        period_opened_at,
        time_progress_ratio,
        is_opened_after_freeze,
        is_due,
        is_latest_due,
    from marts.period_status
),

plan as (
    select plan_id,
    from star.dim_plan
),

final as (
    select
        plan_id,
        period,
        period_start,
        month_no,
        due_at,
        freeze_at,
        period_opened_at,
        time_progress_ratio,
        is_opened_after_freeze,
        is_due,
        is_latest_due,
    from period
    union all
    select
        plan_id,
        '0000-00' as period,
        null as period_start,
        null as month_no,
        null as due_at,
        null as freeze_at,
        null as period_opened_at,
        null as time_progress_ratio,
        false as is_opened_after_freeze,
        false as is_due,
        false as is_latest_due,
    from plan
)

select * from final
