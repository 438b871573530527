-- comment: 校验用：各表的行
-- purpose: Every line read from a form, its cells side by side; what the unit wrote, not yet held against anything.
-- grain: submission_id, sheet_name, row_no
-- nulls: a number is null when its cell is empty, not a number, not in the file, not asked of the indicator, or refused for what it is (a fraction of a person, less than nothing): one slip is one fault.
-- units: level_value: the cumulative value, in 明细 the member's.
with

compared as (
    select submission_id,
    from facts.compared
),

submission as (
    select
        submission_id,
        plan_id,
    from raw.submission
),

asked as (
    select
        plan_id,
        indicator_code,
        section,
        field,
        value_type,
    from facts.asked
),

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

reason as (
    select
        no_data_reason_code,
        no_data_reason_label,
        goes_with,
    from raw.no_data_reason
),

counted as (
    select
        cell.submission_id,
        cell.sheet_name,
        cell.row_no,
        cell.section,
        cell.item_code,
        cell.indicator_code,
        cell.member_code,
        cell.field,
        cell.text_value,
        case
            when cell.field = 'target' then cell.number_value
            when asked.field is null then null
            when asked.value_type = 'integer' and cell.number_value <> floor(cell.number_value) then null
            when asked.field = 'month' or cell.number_value >= 0 then cell.number_value
        end as number_value,
    from compared
    inner join submission
        on compared.submission_id = submission.submission_id
    inner join cell
        on submission.submission_id = cell.submission_id
    left join asked
        on
            submission.plan_id = asked.plan_id
            and cell.indicator_code = asked.indicator_code
            and cell.section = asked.section
            and cell.field = asked.field
),

written as (
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
        coalesce(max(case when field = 'zero_report' then text_value end) = '是', false) as is_zero_marked,
        max(case when field = 'no_data_reason' then text_value end) as no_data_reason_code,
        max(case when field = 'explanation' then text_value end) as own_explanation,
        count(case when field = 'explanation' then 1 end) > 0 as has_explanation_column,
        max(case when field = 'remark' then text_value end) as remark,
        coalesce(max(case when field = 'correction' then text_value end) = '是', false) as is_correction,
        max(case when field = 'correction_reason' then text_value end) as correction_reason,
        max(
            case
                when field in ('correction_reason', 'explanation', 'remark', 'issue', 'progress') then text_value
            end
        ) as any_words,
    from counted
    group by submission_id, sheet_name, row_no
),

-- 明细 has no columns for it: what the indicator's line says in 填报 holds for its places, too.
declared as (
    select
        submission_id,
        indicator_code,
        bool_or(is_correction) as is_correction,
        max(correction_reason) as correction_reason,
    from written
    where section = 'report'
    group by submission_id, indicator_code
),

-- what was written into the list of an earlier answer, in the file that came back
listed as (
    select
        submission_id,
        indicator_code,
        member_code,
        string_agg(text_value, '；' order by row_no) as explanation,
    from raw.cell
    where section = 'explanation'
    group by submission_id, indicator_code, member_code
),

final as (
    select
        written.submission_id,
        written.sheet_name,
        written.row_no,
        written.section,
        written.item_code,
        written.indicator_code,
        written.member_code,
        written.written_name,
        written.written_member_name,
        written.written_target,
        written.month_value,
        written.cumulative_value,
        written.numerator,
        written.denominator,
        written.member_value,
        written.level_value,
        written.is_zero_marked or coalesce(reason.goes_with = 'zero', false) as is_zero_report,
        written.no_data_reason_code,
        reason.no_data_reason_label,
        coalesce(reason.goes_with = 'nothing', false) as is_excused,
        -- the first form has no column for it: its 备注 may be called 说明
        coalesce(
            written.own_explanation,
            listed.explanation,
            case when not written.has_explanation_column then written.remark end
        ) as explanation,
        case
            when written.section = 'detail' then coalesce(declared.is_correction, false)
            else written.is_correction
        end as is_correction,
        case
            when written.section = 'detail' then declared.correction_reason
            else written.correction_reason
        end as correction_reason,
        coalesce(
            written.any_words,
            listed.explanation,
            case when written.section = 'detail' then declared.correction_reason end
        ) as any_words,
    from written
    left join reason
        on written.no_data_reason_code = reason.no_data_reason_code
    left join listed
        on
            written.submission_id = listed.submission_id
            and written.indicator_code = listed.indicator_code
            and coalesce(written.member_code, '') = coalesce(listed.member_code, '')
    left join declared
        on
            written.submission_id = declared.submission_id
            and written.indicator_code = declared.indicator_code
)

select * from final
