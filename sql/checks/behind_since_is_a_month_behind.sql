-- comment: 滞后的指标都写明从哪个月起，那个月也确实滞后；不滞后的不写
-- requires: what is behind says since when, that month was behind as well, and what is not behind says nothing
-- level: fail
select
    later.plan_id,
    later.period,
    later.indicator_code,
    later.behind_since,
    later.months_behind,
from published.pub_indicator_outlook_v1 as later
left join published.pub_indicator_outlook_v1 as first_month
    on
        later.plan_id = first_month.plan_id
        and later.indicator_code = first_month.indicator_code
        and later.behind_since = first_month.period
where
    (later.status_code in ('BEHIND', 'FAR_BEHIND', 'NOT_DONE')) <> (later.behind_since is not null)
    or (later.behind_since is null) <> (later.months_behind is null)
    or (later.behind_since is not null and coalesce(first_month.months_behind, 0) <> 1)
    or later.behind_since > later.period
order by later.plan_id, later.period, later.indicator_code
