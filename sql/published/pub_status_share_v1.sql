-- comment: 各状态指标数与占比（占比合计 100%）
-- fact: snapshot
-- adds: 含“全部项目”的合计行，相加会重复；要相加用 pub_status_share_v2
-- purpose: For BI: how the indicators divide among the statuses, for each project and for all of them (item_code ALL).
-- grain: plan_id, period, item_code, status_code
-- units: share_ratio from 0 to 1 with three decimals; the shares of a project add up to 1.000. Zero when no indicator is in the status.
with

final as (
    select
        plan_id,
        period,
        cast(period || '-01' as date) as period_start,
        item_code,
        item_name,
        status_code,
        status_no,
        status_label,
        light,
        indicator_count,
        share_ratio,
    from marts.status_share
)

select * from final
