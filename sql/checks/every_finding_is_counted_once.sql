-- comment: 一个单位一个月的问题数与数据质量表的计数相等，没有一处在发现之前就改好
-- requires: the findings of a unit and period add up to what the data quality table counts, and none is put right before it was found
-- level: fail
with

finding as (
    select
        plan_id,
        period,
        unit_code,
        count(*) as finding_count,
    from star.fct_finding
    where plan_id is not null
    group by plan_id, period, unit_code
),

counted as (
    select
        plan_id,
        period,
        unit_code,
        sum(finding_count) as finding_count,
        sum(case when resolved_at < opened_at or (is_open and resolved_at is not null) then 1 else 0 end) as odd_count,
    from published.pub_data_quality_v1
    group by plan_id, period, unit_code
)

select
    finding.plan_id,
    finding.period,
    finding.unit_code,
    finding.finding_count,
    counted.finding_count as counted,
    counted.odd_count,
from finding
left join counted
    on
        finding.plan_id = counted.plan_id
        and finding.unit_code = counted.unit_code
        and coalesce(finding.period, '') = coalesce(counted.period, '')
where
    counted.finding_count is distinct from finding.finding_count
    or counted.odd_count > 0
order by finding.plan_id, finding.period, finding.unit_code
