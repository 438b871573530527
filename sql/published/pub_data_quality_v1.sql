-- comment: 数据质量（各单位每条规则的问题与改正）
-- purpose: For BI: how often each unit broke each rule in a period, when that was first seen and when it was put right.
-- grain: plan_id, period, unit_code, rule_code, severity
-- nulls: period null: the files named none. resolved_at null: no later file without the fault has been accepted; only what was refused is then open.
-- units: finding_count counts faults, submission_count the files they stood in.
with

final as (
    select
        plan_id,
        period,
        unit_code,
        rule_code,
        severity,
        finding_count,
        submission_count,
        opened_at,
        resolved_at,
        is_open,
        unit_name,
    from marts.data_quality
)

select * from final
