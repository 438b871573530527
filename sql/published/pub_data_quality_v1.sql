-- comment: 数据质量（各单位每条规则的问题与改正）
-- fact: accumulating
-- adds: 问题数可跨任何分组相加，文件数不可（一份文件可违反几条规则）
-- purpose: For BI: how often each unit broke each rule in a period, when that was first seen and when it was put right.
-- grain: plan_id, period_key, unit_code, rule_code, severity
-- nulls: period null: the files named none, or months that are not opened, which stand together. resolved_at null: no later file without the fault has been accepted; only what was refused is then open.
-- units: finding_count counts faults, submission_count the files they stood in.
with

quality as (
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
),

opened as (
    select
        plan_id,
        period,
        period_start,
    from marts.period_status
),

rule as (
    select
        rule_code,
        rule_title,
    from star.dim_rule
),

final as (
    select
        quality.plan_id,
        opened.period,
        opened.period_start,
        quality.unit_code,
        quality.rule_code,
        quality.severity,
        cast(sum(quality.finding_count) as bigint) as finding_count,
        cast(sum(quality.submission_count) as bigint) as submission_count,
        min(quality.opened_at) as opened_at,
        case when count(quality.resolved_at) = count(*) then max(quality.resolved_at) end as resolved_at,
        bool_or(quality.is_open) as is_open,
        max(quality.unit_name) as unit_name,
        rule.rule_title,
        coalesce(opened.period, '0000-00') as period_key,
    from quality
    left join opened
        on
            quality.plan_id = opened.plan_id
            and quality.period = opened.period
    left join rule
        on quality.rule_code = rule.rule_code
    group by
        quality.plan_id,
        opened.period,
        opened.period_start,
        quality.unit_code,
        quality.rule_code,
        quality.severity,
        rule.rule_title
)

select * from final
