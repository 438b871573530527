-- comment: 校验发现的问题
-- purpose: For BI: where each fault stands and which rule it breaks; what the unit wrote is left out, and so is the name of a sheet that is not the form's.
-- grain: submission_id, finding_no
-- nulls: cell_ref null: the fault concerns the file or a sheet as a whole. period null: the file names none. explanation_state null: the rule asks for no explanation.
with

final as (
    select
        plan_id,
        period,
        unit_code,
        submission_id,
        finding_no,
        rule_code,
        severity,
        public_sheet_name as sheet_name,
        cell_ref,
        coalesce(rule_title, '见规则 ' || rule_code) as message,
        explanation_state,
    from star.fct_finding
)

select * from final
