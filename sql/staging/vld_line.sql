-- comment: 校验用：各表的行
-- purpose: Every line read from a form, its cells side by side; what the unit wrote, not yet held against anything.
-- grain: submission_id, sheet_name, row_no
-- nulls: a value is null when its cell is empty, not a number, or not in the file. level_value: the cumulative value, in 明细 the member's.
with

cell as (
    select
        submission_id,
        sheet_name,
        row_no,
        section,
        item_code,
        indicator_code,
        member_code,
        field,
        number_value,
        text_value,
    from raw.cell
    where section in ('report', 'contribution', 'detail')
),

final as (
    select
        submission_id,
        sheet_name,
        row_no,
        max(section) as section,
        max(item_code) as item_code,
        max(indicator_code) as indicator_code,
        max(member_code) as member_code,
        max(case when field = 'indicator_name' then text_value end) as written_name,
        max(case when field = 'member_name' then text_value end) as written_member_name,
        max(case when field = 'target' then number_value end) as written_target,
        max(case when field = 'month' then number_value end) as month_value,
        max(case when field = 'cumulative' then number_value end) as cumulative_value,
        max(case when field = 'numerator' then number_value end) as numerator,
        max(case when field = 'denominator' then number_value end) as denominator,
        max(case when field = 'value' then number_value end) as member_value,
        max(case when field in ('cumulative', 'value') then number_value end) as level_value,
        coalesce(max(case when field = 'zero_report' then text_value end) = '是', false) as is_zero_report,
        coalesce(max(case when field = 'correction' then text_value end) = '是', false) as is_correction,
        max(case when field = 'correction_reason' then text_value end) as correction_reason,
        max(case when field in ('correction_reason', 'remark', 'issue', 'progress') then text_value end) as any_words,
    from cell
    group by submission_id, sheet_name, row_no
)

select * from final
