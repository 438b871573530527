-- comment: 名次变化（牵头单位，逐期）
-- fact: snapshot
-- adds: 名次、得分不可相加；名次升降可跨月份相加
-- purpose: For BI: the place of each lead unit by its score, beside that of the month before.
-- grain: plan_id, period, unit_code
-- nulls: score, rank_no null: no place that month. previous_* null: none the month before, or the first of the year. rank_change null: one of the two is missing.
-- units: score from 0 to 1; rank_change in places, positive when gained.
with

scorecard as (
    select
        plan_id,
        period,
        unit_code,
        unit_name,
        score,
        rank_no,
        lag(score) over unit_order as previous_score,
        lag(rank_no) over unit_order as previous_rank_no,
    from marts.unit_scorecard
    where indicator_count > 0
    window unit_order as (partition by plan_id, unit_code order by period)
),

final as (
    select
        plan_id,
        period,
        cast(period || '-01' as date) as period_start,
        unit_code,
        unit_name,
        score,
        rank_no,
        previous_score,
        previous_rank_no,
        previous_rank_no - rank_no as rank_change,
    from scorecard
)

select * from final
