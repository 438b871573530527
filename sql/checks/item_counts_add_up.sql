-- comment: 项目下各状态的指标数之和等于它的指标数
-- requires: the indicators of an item counted by status add up to its indicators
-- level: fail
select
    plan_id,
    period,
    item_code,
    indicator_count,
from published.pub_item_completion_v1
where
    done_count + ahead_count + on_track_count + behind_count + far_behind_count + not_done_count
    + in_progress_count + not_reported_count + no_basis_count + closed_count <> indicator_count
order by plan_id, period, item_code
