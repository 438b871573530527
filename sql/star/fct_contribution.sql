-- comment: 事实：配合单位报送
-- purpose: What supporting units reported in accepted files, every version; it never overwrites the lead unit's total.
-- grain: submission_id, row_no
-- nulls: indicator_code null: a progress note on the item as a whole. A value null: not given, never zero.
with

submission as (
    select
        submission_id,
        plan_id,
        period,
        unit_code,
        version_no,
        is_current,
        accepted_at,
    from star.fct_submission
    where version_no is not null
),

contribution as (
    select
        submission_id,
        row_no,
        item_code,
        indicator_code,
        month_value,
        cumulative_value,
        is_zero_report,
        is_correction,
        correction_reason,
        progress_text,
        issue_text,
    from staging.stg_report
    where section = 'contribution'
),

final as (
    select
        contribution.submission_id,
        contribution.row_no,
        submission.plan_id,
        submission.period,
        submission.unit_code,
        contribution.item_code,
        contribution.indicator_code,
        submission.version_no,
        submission.is_current,
        submission.accepted_at,
        contribution.month_value,
        contribution.cumulative_value,
        contribution.is_zero_report,
        contribution.is_correction,
        contribution.correction_reason,
        contribution.progress_text,
        contribution.issue_text,
    from contribution
    inner join submission
        on contribution.submission_id = submission.submission_id
)

select * from final
