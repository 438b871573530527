-- comment: 任何时刻一个数只有一个版本有效：前一个止于后一个开始
-- requires: at every moment one version of a value is the known one: each ends when the next begins
-- level: fail
with

version as (
    select
        plan_id,
        period,
        indicator_code,
        revision_no,
        known_from,
        known_to,
        lead(known_from) over (partition by plan_id, period, indicator_code order by revision_no) as next_known_from,
    from star.fct_indicator_report
)

select
    plan_id,
    period,
    indicator_code,
    revision_no,
    known_from,
    known_to,
from version
where
    known_from is null
    or known_to < known_from
    or known_to is distinct from next_known_from
order by plan_id, period, indicator_code, revision_no
