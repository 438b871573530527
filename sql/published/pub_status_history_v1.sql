-- comment: 亮灯变化（每期每个数值版本一行，一律按现行方案判定）
-- fact: transaction
-- adds: 变灯次数可跨任何分组相加；比率不可相加
-- purpose: For BI: how each version of a figure is judged, beside how the one before it was: when a light changed, and whether a new month or a correction changed it. All are judged by the plan as it is now.
-- grain: plan_id, period, indicator_code, revision_no
-- nulls: known_from null: nothing has been reported; revision_no is 0 then. known_to null: in force. previous_* null: the first of the year.
with

judgement as (
    select
        plan_id,
        period,
        indicator_code,
        coalesce(revision_no, 0) as revision_no,
        completion_ratio,
        status_code,
    from marts.indicator_judgement
),

history as (
    select
        plan_id,
        period,
        indicator_code,
        revision_no,
        known_from,
        known_to,
        is_correction,
    from marts.indicator_history
),

indicator as (
    select
        plan_id,
        indicator_code,
        indicator_name,
    from star.dim_indicator
),

status as (
    select
        status_code,
        status_label,
        light,
    from star.dim_status
),

judged as (
    select
        judgement.plan_id,
        judgement.period,
        judgement.indicator_code,
        judgement.revision_no,
        judgement.completion_ratio,
        judgement.status_code,
        status.status_label,
        status.light,
        lag(judgement.period) over indicator_order as previous_period,
        lag(judgement.status_code) over indicator_order as previous_status_code,
        lag(status.light) over indicator_order as previous_light,
    from judgement
    inner join status
        on judgement.status_code = status.status_code
    window indicator_order as (
        partition by judgement.plan_id, judgement.indicator_code order by judgement.period, judgement.revision_no
    )
),

final as (
    select
        judged.plan_id,
        judged.period,
        cast(judged.period || '-01' as date) as period_start,
        judged.indicator_code,
        indicator.indicator_name,
        judged.revision_no,
        judged.completion_ratio,
        judged.status_code,
        judged.status_label,
        judged.light,
        judged.previous_period,
        judged.previous_status_code,
        judged.previous_light,
        coalesce(judged.light <> judged.previous_light, false) as is_light_changed,
        coalesce(history.is_correction, false) as is_correction,
        history.known_from,
        history.known_to,
    from judged
    inner join indicator
        on
            judged.plan_id = indicator.plan_id
            and judged.indicator_code = indicator.indicator_code
    left join history
        on
            judged.plan_id = history.plan_id
            and judged.period = history.period
            and judged.indicator_code = history.indicator_code
            and judged.revision_no = history.revision_no
)

select * from final
