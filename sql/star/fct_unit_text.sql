-- comment: 事实：单位写的话
-- purpose: What a unit wrote for leaders, of each indicator it reports or supports, in the file of the month that counts. It has passed the guard with the file.
-- grain: submission_id, role, row_no
-- nulls: indicator_code null: written on the item as a whole. progress_text, issue_text null: not written; one of the two is.
with

submission as (
    select
        submission_id,
        plan_id,
        period,
        unit_code,
    from star.fct_submission
    where is_current
),

indicator as (
    select
        plan_id,
        indicator_code,
        item_code,
    from star.dim_indicator
),

form_row as (
    select
        submission_id,
        row_no,
        item_code,
        indicator_code,
        progress_text,
        issue_text,
        case
            when section = 'report' then 'lead'
            when indicator_code is null then 'note'
            else 'contribution'
        end as role,
    from staging.stg_report
    where coalesce(progress_text, issue_text) is not null
),

final as (
    select
        form_row.submission_id,
        form_row.role,
        form_row.row_no,
        submission.plan_id,
        submission.period,
        submission.unit_code,
        coalesce(indicator.item_code, form_row.item_code) as item_code,
        form_row.indicator_code,
        form_row.progress_text,
        form_row.issue_text,
    from form_row
    inner join submission
        on form_row.submission_id = submission.submission_id
    left join indicator
        on
            submission.plan_id = indicator.plan_id
            and form_row.indicator_code = indicator.indicator_code
)

select * from final
