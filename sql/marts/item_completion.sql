-- comment: 项目完成情况
-- purpose: Counts the indicators of each project by status; the counts add up to the number of indicators. Its light is the worst of its indicators that can be judged, blue only where all are; its score is the mean of theirs.
-- grain: plan_id, period, item_code
-- nulls: score null: no indicator counts yet.
-- units: counts of indicators, zero when none is in the status; score from 0 to 1.
with

item as (
    select
        plan_id,
        item_code,
        item_no,
    from star.dim_item
),

completion as (
    select
        plan_id,
        period,
        item_code,
        item_name,
        indicator_code,
        status_code,
        light,
    from marts.indicator_completion
),

score as (
    select
        plan_id,
        period,
        indicator_code,
        scored_ratio,
    from marts.indicator_score
),

final as (
    select
        completion.plan_id,
        completion.period,
        completion.item_code,
        item.item_no,
        completion.item_name,
        count(*) as indicator_count,
        count(case when completion.status_code = 'DONE' then 1 end) as done_count,
        count(case when completion.status_code = 'AHEAD' then 1 end) as ahead_count,
        count(case when completion.status_code = 'ON_TRACK' then 1 end) as on_track_count,
        count(case when completion.status_code = 'BEHIND' then 1 end) as behind_count,
        count(case when completion.status_code = 'FAR_BEHIND' then 1 end) as far_behind_count,
        count(case when completion.status_code = 'NOT_DONE' then 1 end) as not_done_count,
        count(case when completion.status_code = 'IN_PROGRESS' then 1 end) as in_progress_count,
        count(case when completion.status_code = 'NOT_REPORTED' then 1 end) as not_reported_count,
        count(case when completion.status_code = 'NO_BASIS' then 1 end) as no_basis_count,
        count(case when completion.status_code = 'CLOSED' then 1 end) as closed_count,
        case
            when count(case when completion.light = 'red' then 1 end) > 0 then 'red'
            when count(case when completion.light = 'yellow' then 1 end) > 0 then 'yellow'
            when count(case when completion.light = 'green' then 1 end) > 0 then 'green'
            when count(case when completion.light = 'blue' then 1 end) = count(*) then 'blue'
            else 'grey'
        end as light,
        cast(sum(score.scored_ratio) as double) / nullif(count(score.scored_ratio), 0) as score,
        count(score.scored_ratio) as scored_count,
    from completion
    inner join score
        on
            completion.plan_id = score.plan_id
            and completion.period = score.period
            and completion.indicator_code = score.indicator_code
    inner join item
        on
            completion.plan_id = item.plan_id
            and completion.item_code = item.item_code
    group by
        completion.plan_id,
        completion.period,
        completion.item_code,
        item.item_no,
        completion.item_name
)

select * from final
