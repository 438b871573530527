-- comment: 事实：校验发现的问题
-- purpose: Every fault found in a file, with the unit and period it concerns.
-- grain: submission_id, finding_no
-- nulls: cell_ref null: the fault concerns the file or a sheet as a whole. period null: the file names none. rule_title, public_sheet_name null: judged by a version that did not note them. explanation_state null: the rule asks for no explanation. review_code null: the data team has not looked at it.
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
        coalesce(asks_why, false) as asks_why,
        explanation,
    from raw.finding
),

review as (
    select
        submission_id,
        finding_no,
        review_code,
        reviewed_by,
        reviewed_at,
    from raw.explanation_review
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
        finding.asks_why,
        finding.explanation,
        review.review_code,
        review.reviewed_by,
        review.reviewed_at,
        case
            when not finding.asks_why then null
            when review.review_code = 'asked' then 'asked'
            when finding.explanation is null then 'unexplained'
            else coalesce(review.review_code, 'explained')
        end as explanation_state,
    from finding
    left join submission
        on finding.submission_id = submission.submission_id
    left join review
        on
            finding.submission_id = review.submission_id
            and finding.finding_no = review.finding_no
)

select * from final
