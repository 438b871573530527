-- comment: 配合单位报数之和不超过牵头单位的总数
-- requires: the contributions of supporting units do not exceed the total of the lead unit
-- level: warn
select
    contribution.plan_id,
    contribution.period,
    contribution.indicator_code,
    sum(contribution.cumulative_value) as contributed_value,
    max(report.cumulative_value) as cumulative_value,
from star.fct_contribution as contribution
inner join star.fct_indicator_report as report
    on
        contribution.plan_id = report.plan_id
        and contribution.period = report.period
        and contribution.indicator_code = report.indicator_code
        and report.known_to is null
where contribution.is_current
group by contribution.plan_id, contribution.period, contribution.indicator_code
having sum(contribution.cumulative_value) > max(report.cumulative_value)
order by contribution.plan_id, contribution.period, contribution.indicator_code
