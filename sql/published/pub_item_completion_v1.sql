-- comment: 项目完成情况（各项目的指标按状态计数）
-- fact: snapshot
-- adds: 各类指标数可在一期之内跨项目相加；得分不可相加，也不可再平均，整体的用指标完成情况的计分完成率
-- purpose: For BI: the indicators of each project counted by status.
-- grain: plan_id, period, item_code
-- nulls: score null: no indicator counts yet.
-- units: counts of indicators, zero when none is in the status; they add up to indicator_count; score from 0 to 1.
with

completion as (
    select
        plan_id,
        period,
        item_code,
        item_no,
        item_name,
        indicator_count,
        done_count,
        ahead_count,
        on_track_count,
        behind_count,
        far_behind_count,
        not_done_count,
        in_progress_count,
        not_reported_count,
        no_basis_count,
        closed_count,
        light,
        score,
        scored_count,
    from marts.item_completion
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
        completion.plan_id,
        completion.period,
        period.period_start,
        completion.item_code,
        completion.item_no,
        completion.item_name,
        completion.indicator_count,
        completion.done_count,
        completion.ahead_count,
        completion.on_track_count,
        completion.behind_count,
        completion.far_behind_count,
        completion.not_done_count,
        completion.in_progress_count,
        completion.not_reported_count,
        completion.no_basis_count,
        completion.closed_count,
        completion.light,
        completion.score,
        completion.scored_count,
        period.is_latest_due,
    from completion
    inner join period
        on
            completion.plan_id = period.plan_id
            and completion.period = period.period
)

select * from final
