-- comment: 单位所写（形象进度、存在问题）
-- fact: transaction
-- adds: 只可计行数
-- purpose: For BI and leaders: what each unit wrote of an indicator in its report of the month that counts, or of an item as a whole.
-- grain: plan_id, period, unit_code, submission_id, role, row_no
-- nulls: indicator_code null: written on the item as a whole. progress_text, issue_text null: not written; one of the two is.
with

unit_text as (
    select
        submission_id,
        role,
        row_no,
        plan_id,
        period,
        unit_code,
        item_code,
        indicator_code,
        progress_text,
        issue_text,
    from star.fct_unit_text
),

unit as (
    select
        plan_id,
        period,
        unit_code,
        unit_name,
    from marts.submission_status
),

final as (
    select
        unit_text.plan_id,
        unit_text.period,
        cast(unit_text.period || '-01' as date) as period_start,
        unit_text.unit_code,
        unit.unit_name,
        unit_text.role,
        unit_text.item_code,
        unit_text.indicator_code,
        unit_text.progress_text,
        unit_text.issue_text,
        unit_text.submission_id,
        unit_text.row_no,
    from unit_text
    left join unit
        on
            unit_text.plan_id = unit.plan_id
            and unit_text.period = unit.period
            and unit_text.unit_code = unit.unit_code
)

select * from final
