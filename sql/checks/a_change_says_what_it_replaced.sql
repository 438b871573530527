-- comment: 第一个版本以后的每个版本都在更正台账中，并写明它替换的原值
-- requires: every version after the first is in the ledger of corrections, with the value of the version before it
-- level: fail
select
    later.plan_id,
    later.period,
    later.indicator_code,
    later.revision_no,
    earlier.actual_value,
    correction.previous_value,
from published.pub_indicator_history_v1 as later
inner join published.pub_indicator_history_v1 as earlier
    on
        later.plan_id = earlier.plan_id
        and later.period = earlier.period
        and later.indicator_code = earlier.indicator_code
        and later.revision_no = earlier.revision_no + 1
left join published.pub_indicator_correction_v1 as correction
    on
        later.plan_id = correction.plan_id
        and later.period = correction.period
        and later.indicator_code = correction.indicator_code
        and later.revision_no = correction.revision_no
where
    correction.change_note is null
    or correction.previous_value is distinct from earlier.actual_value
    or correction.actual_value is distinct from later.actual_value
order by later.plan_id, later.period, later.indicator_code, later.revision_no
