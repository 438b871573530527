-- comment: 填报表与配合事项表的行
-- purpose: Typed rows of the sheets 填报 (section report) and 配合事项 (section contribution), one per form row.
-- grain: submission_id, section, row_no
-- nulls: a value is null when its cell is empty or not a number; an empty cell is never zero.
with

cell as (
    select
        submission_id,
        sheet_name,
        row_no,
        section,
        item_code,
        indicator_code,
        field,
        number_value,
        text_value,
    from raw.cell
    where section in ('report', 'contribution')
),

final as (
    select
        submission_id,
        section,
        row_no,
        max(sheet_name) as sheet_name,
        max(item_code) as item_code,
        max(indicator_code) as indicator_code,
        max(case when field = 'month' then number_value end) as month_value,
        max(case when field = 'cumulative' then number_value end) as cumulative_value,
        max(case when field = 'numerator' then number_value end) as numerator,
        max(case when field = 'denominator' then number_value end) as denominator,
        coalesce(max(case when field = 'zero_report' then text_value end) = '是', false)
        or coalesce(max(case when field = 'no_data_reason' then text_value end) = 'NIL', false) as is_zero_report,
        max(case when field = 'no_data_reason' then text_value end) as no_data_reason_code,
        max(case when field = 'explanation' then text_value end) as explanation_text,
        coalesce(max(case when field = 'correction' then text_value end) = '是', false) as is_correction,
        max(case when field = 'correction_reason' then text_value end) as correction_reason,
        max(case when field = 'progress' then text_value end) as progress_text,
        max(case when field = 'issue' then text_value end) as issue_text,
        max(case when field = 'evidence' then text_value end) as evidence_no,
        max(case when field = 'remark' then text_value end) as remark_text,
    from cell
    group by submission_id, section, row_no
)

select * from final
