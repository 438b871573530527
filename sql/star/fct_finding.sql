-- comment: 事实：校验发现的问题
-- purpose: Every fault found in a file, with the unit and period it concerns.
-- grain: submission_id, finding_no
-- nulls: cell_ref null: the fault concerns the file or a sheet as a whole. period null: the file names none. rule_title, public_sheet_name null: judged by a version that did not note them.
with

finding as (
    select
        submission_id,
        finding_no,
        rule_code,
        severity,
        sheet_name,
        cell_ref,
        found,
        message,
        remedy,
        rule_title,
        public_sheet_name,
    from raw.finding
),

submission as (
    select
        submission_id,
        plan_id,
        period,
        unit_code,
        received_at,
    from staging.stg_submission
),

final as (
    select
        finding.submission_id,
        finding.finding_no,
        submission.plan_id,
        submission.period,
        submission.unit_code,
        submission.received_at,
        finding.rule_code,
        finding.severity,
        finding.sheet_name,
        finding.cell_ref,
        finding.found,
        finding.message,
        finding.remedy,
        finding.rule_title,
        finding.public_sheet_name,
    from finding
    left join submission
        on finding.submission_id = submission.submission_id
)

select * from final
