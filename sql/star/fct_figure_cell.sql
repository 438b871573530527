-- comment: 事实：数出自的单元格
-- purpose: The cells of accepted files in which the numbers of an indicator stand, as the unit wrote them.
-- grain: submission_id, sheet_name, cell_ref
-- nulls: member_code null: a row of the form itself, not of a register.
with

submission as (
    select
        submission_id,
        plan_id,
        period,
        unit_code,
    from star.fct_submission
    where version_no is not null
),

cell as (
    select
        submission_id,
        sheet_name,
        cell_ref,
        indicator_code,
        member_code,
        field,
        raw_text,
    from raw.cell
    where
        raw_text is not null
        and indicator_code is not null
        and (
            (section = 'report' and field in ('month', 'cumulative', 'numerator', 'denominator'))
            or (section = 'detail' and field = 'value')
        )
),

final as (
    select
        cell.submission_id,
        cell.sheet_name,
        cell.cell_ref,
        submission.plan_id,
        submission.period,
        submission.unit_code,
        cell.indicator_code,
        cell.member_code,
        cell.field,
        cell.raw_text,
    from cell
    inner join submission
        on cell.submission_id = submission.submission_id
)

select * from final
