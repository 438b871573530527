-- comment: 每个应报或可报的单位，每月恰有一个报送状态
-- requires: every unit that owes or may send something has one published status per period
-- level: fail
select distinct
    obligation.plan_id,
    obligation.period,
    obligation.unit_code,
from star.fct_obligation as obligation
left join published.pub_submission_status_v1 as status
    on
        obligation.plan_id = status.plan_id
        and obligation.period = status.period
        and obligation.unit_code = status.unit_code
where status.unit_code is null
order by obligation.plan_id, obligation.period, obligation.unit_code
