-- comment: 属于另一项指标一部分的指标（如 M01-03 之于 M01-02）不超过那一项
-- requires: an indicator that is part of another (such as M01-03 of M01-02) does not exceed it
-- level: warn
select
    part.plan_id,
    part.period,
    part.indicator_code,
    part.actual_value,
    whole.indicator_code as whole_indicator_code,
    whole.actual_value as whole_actual_value,
from raw.relation as relation
inner join marts.indicator_completion as part
    on
        relation.plan_id = part.plan_id
        and relation.indicator_code = part.indicator_code
inner join marts.indicator_completion as whole
    on
        part.plan_id = whole.plan_id
        and part.period = whole.period
        and relation.other_indicator_code = whole.indicator_code
where
    relation.relation_type = 'subset_of'
    and part.actual_value > whole.actual_value
order by part.plan_id, part.period, part.indicator_code
