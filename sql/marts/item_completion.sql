-- comment: 项目完成情况
-- purpose: Counts the indicators of each project by status; the counts add up to the number of indicators.
-- grain: plan_id, period, item_code
-- units: counts of indicators, zero when none is in the status.
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
        status_code,
    from marts.indicator_completion
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
    from completion
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
