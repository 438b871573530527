-- comment: 各项目状态指标数与占比（没有合计行）
-- fact: snapshot
-- adds: 指标数可在一期之内跨项目、状态相加；占比只可在一个项目之内相加
-- purpose: For BI: how the indicators of each project divide among the statuses, without a row for all projects, so that counts may be added.
-- grain: plan_id, period, item_code, status_code
-- units: share_ratio from 0 to 1 with three decimals; the shares of a project add up to 1.000. Zero when no indicator is in the status.
with

share as (
    select
        plan_id,
        period,
        item_code,
        item_name,
        status_code,
        status_no,
        status_label,
        light,
        indicator_count,
        share_ratio,
    from marts.status_share
    where item_code <> 'ALL'
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
        share.plan_id,
        share.period,
        period.period_start,
        share.item_code,
        share.item_name,
        share.status_code,
        share.status_no,
        share.status_label,
        share.light,
        share.indicator_count,
        share.share_ratio,
        period.is_latest_due,
    from share
    inner join period
        on
            share.plan_id = period.plan_id
            and share.period = period.period
)

select * from final
