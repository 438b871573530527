-- comment: 数据质量
-- purpose: How often each rule was broken in a period, and by how many files and units.
-- grain: plan_id, period, rule_code, severity
-- nulls: period null: the files named none.
with

finding as (
    select
        plan_id,
        period,
        rule_code,
        severity,
        submission_id,
        unit_code,
    from star.fct_finding
),

final as (
    select
        plan_id,
        period,
        rule_code,
        severity,
        count(*) as finding_count,
        count(distinct submission_id) as submission_count,
        count(distinct unit_code) as unit_count,
    from finding
    group by plan_id, period, rule_code, severity
)

select * from final
