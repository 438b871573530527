-- comment: 明细表的行
-- purpose: Values of the sheet 明细, one per form row: what a unit reported for each member of a register.
-- grain: submission_id, indicator_code, member_code, row_no
-- nulls: member_value null: the cell is empty or not a number.
with

cell as (
    select
        submission_id,
        sheet_name,
        cell_ref,
        row_no,
        indicator_code,
        member_code,
        field,
        number_value,
    from raw.cell
    where section = 'detail'
),

final as (
    select
        submission_id,
        indicator_code,
        member_code,
        row_no,
        sheet_name,
        cell_ref,
        number_value as member_value,
    from cell
    where field = 'value'
)

select * from final
