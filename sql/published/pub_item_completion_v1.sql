-- comment: 项目完成情况
-- purpose: For BI: the indicators of each project counted by status.
-- grain: plan_id, period, item_code
-- units: counts of indicators, zero when none is in the status; they add up to indicator_count.
with

final as (
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
    from marts.item_completion
)

select * from final
