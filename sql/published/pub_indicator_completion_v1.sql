-- comment: 指标完成情况（每期每项指标一行，未报送也有）
-- purpose: For BI: one row per indicator for every opened period, reported or not.
-- grain: plan_id, period, indicator_code
-- nulls: rests_on_period null but for what is done by the report of an earlier month, none having come at the end. Values are null when nothing was accepted, never zero. completion_ratio null: no basis. gap_pp null: not judged by a gap. breaks_with_period, break_note null: the figure follows from the month before.
-- units: ratios from 0 to 1 (above 1 when exceeded), gap_pp in percentage points, values in unit_of_measure, rates from 0 to 1.
with

final as (
    select
        plan_id,
        period,
        item_code,
        item_name,
        indicator_code,
        indicator_name,
        unit_of_measure,
        kind,
        comparator,
        target_value,
        actual_value,
        month_value,
        numerator,
        denominator,
        completion_ratio,
        time_progress_ratio,
        gap_pp,
        status_code,
        status_label,
        light,
        lead_unit_code,
        lead_unit_name,
        submission_status,
        accepted_at,
        submission_id,
        revision_no,
        is_corrected,
        polarity,
        rests_on_period,
        breaks_with_period,
        break_note,
    from marts.indicator_completion
)

select * from final
