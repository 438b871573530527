-- comment: 数出自的单元格（追溯）
-- fact: transaction
-- adds: 只可计行数
-- purpose: For BI and auditors: in which cells of which file the numbers of an indicator's versions stand, as the unit wrote them.
-- grain: submission_id, sheet_name, cell_ref
-- nulls: member_code null: a row of the form itself, not of a register.
with

version as (
    select
        plan_id,
        period,
        indicator_code,
        revision_no,
        submission_id,
    from marts.indicator_history
),

submission as (
    select
        submission_id,
        file_name,
        sha256,
        received_at,
    from star.fct_submission
),

cell as (
    select
        submission_id,
        indicator_code,
        sheet_name,
        cell_ref,
        member_code,
        field,
        raw_text,
    from star.fct_figure_cell
),

final as (
    select
        version.plan_id,
        version.period,
        cast(version.period || '-01' as date) as period_start,
        version.indicator_code,
        version.revision_no,
        version.submission_id,
        submission.file_name,
        submission.sha256,
        submission.received_at,
        cell.sheet_name,
        cell.cell_ref,
        cell.member_code,
        cell.field,
        cell.raw_text,
    from version
    inner join submission
        on version.submission_id = submission.submission_id
    inner join cell
        on
            version.submission_id = cell.submission_id
            and version.indicator_code = cell.indicator_code
)

select * from final
