-- comment: 到期的月数等于按时、迟报、定稿前没有报、尚未报的月数之和；一次通过的不多于校验过的
-- requires: the months due divide into those reported in time, late, not before they were frozen and not yet, and no more passed at once than were judged
-- level: fail
select
    plan_id,
    period,
    unit_code,
    due_month_count,
    on_time_month_count,
    late_month_count,
    missing_month_count,
    supplementary_month_count,
    overdue_month_count,
from published.pub_unit_reporting_v1
where
    on_time_month_count + late_month_count + missing_month_count + overdue_month_count <> due_month_count
    or overdue_month_count < 0
    or supplementary_month_count > missing_month_count
    or first_pass_month_count > judged_month_count
order by plan_id, period, unit_code
