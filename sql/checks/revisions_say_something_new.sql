-- comment: 同一个数相邻的两个版本不相同
-- requires: two neighbouring versions of a value differ
-- level: fail
select
    later.plan_id,
    later.period,
    later.indicator_code,
    later.revision_no,
from star.fct_indicator_report as later
inner join star.fct_indicator_report as earlier
    on
        later.plan_id = earlier.plan_id
        and later.period = earlier.period
        and later.indicator_code = earlier.indicator_code
        and later.revision_no = earlier.revision_no + 1
where
    later.month_value is not distinct from earlier.month_value
    and later.cumulative_value is not distinct from earlier.cumulative_value
    and later.numerator is not distinct from earlier.numerator
    and later.denominator is not distinct from earlier.denominator
order by later.plan_id, later.period, later.indicator_code, later.revision_no
