-- comment: 校验发现的问题（不含单位所写的内容）
-- fact: transaction
-- adds: 行数可跨任何分组相加
-- purpose: For BI: where each fault stands and which rule it breaks; what the unit wrote is left out, and so is the name of a sheet that is not the form's.
-- grain: submission_id, finding_no
-- nulls: cell_ref null: the fault concerns the file or a sheet as a whole. period null: the file names none. explanation_state null: the rule asks for no explanation.
with

finding as (
    select
        plan_id,
        period,
        unit_code,
        submission_id,
        finding_no,
        rule_code,
        severity,
        public_sheet_name,
        cell_ref,
        rule_title,
        explanation_state,
    from star.fct_finding
),

opened as (
    select
        plan_id,
        period,
        period_start,
    from marts.period_status
),

named as (
    select
        plan_id,
        period,
        unit_code,
        unit_name,
    from star.dim_unit_name
),

unit as (
    select
        plan_id,
        unit_code,
        unit_name,
    from marts.unit
),

rule as (
    select
        rule_code,
        rule_title,
    from star.dim_rule
),

final as (
    select
        finding.plan_id,
        finding.period,
        opened.period_start,
        finding.unit_code,
        finding.submission_id,
        finding.finding_no,
        finding.rule_code,
        finding.severity,
        finding.public_sheet_name as sheet_name,
        finding.cell_ref,
        coalesce(finding.rule_title, '见规则 ' || finding.rule_code) as message,
        finding.explanation_state,
        coalesce(named.unit_name, unit.unit_name, finding.unit_code) as unit_name,
        rule.rule_title,
        coalesce(opened.period, '0000-00') as period_key,
    from finding
    left join opened
        on
            finding.plan_id = opened.plan_id
            and finding.period = opened.period
    left join named
        on
            finding.plan_id = named.plan_id
            and finding.period = named.period
            and finding.unit_code = named.unit_code
    left join unit
        on
            finding.plan_id = unit.plan_id
            and finding.unit_code = unit.unit_code
    left join rule
        on finding.rule_code = rule.rule_code
)

select * from final
