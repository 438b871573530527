-- comment: 请单位说明的疑问
-- purpose: Every doubt about a file in force that wants the unit's explanation, and how far it has got; a fault of one cause counts once.
-- grain: submission_id, finding_no
-- nulls: explanation null: the unit has said nothing. reviewed_by, reviewed_at, reason null: the data team has not looked at it.
with

version as (
    select
        submission_id,
        plan_id,
        period,
        unit_code,
    from staging.stg_version
    where is_current
),

finding as (
    select
        submission_id,
        finding_no,
        rule_code,
        rule_title,
        sheet_name,
        cell_ref,
        about,
        message,
        explanation,
    from raw.finding
    where asks_why and explained_by is null
),

review as (
    select
        submission_id,
        finding_no,
        review_code,
        reviewed_by,
        reason,
        reviewed_at,
    from raw.explanation_review
),

final as (
    select
        version.submission_id,
        finding.finding_no,
        version.plan_id,
        version.period,
        version.unit_code,
        finding.rule_code,
        finding.rule_title,
        finding.sheet_name,
        finding.cell_ref,
        finding.about,
        finding.message,
        finding.explanation,
        case
            when review.review_code = 'asked' then 'asked'
            when finding.explanation is null then 'unexplained'
            else coalesce(review.review_code, 'explained')
        end as explanation_state,
        review.reviewed_by,
        review.reason,
        review.reviewed_at,
    from version
    inner join finding
        on version.submission_id = finding.submission_id
    left join review
        on
            finding.submission_id = review.submission_id
            and finding.finding_no = review.finding_no
)

select * from final
