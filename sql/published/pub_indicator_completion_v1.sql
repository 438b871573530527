-- comment: 指标完成情况（每期每项指标一行，未报送也有）
-- fact: snapshot
-- adds: 指标数（行数）可在一期之内相加，本月数可跨月份相加；累计数、比率、差距不可相加，求平均用计分完成率
-- purpose: For BI: one row per indicator for every opened period, reported or not.
-- grain: plan_id, period, indicator_code
-- nulls: rests_on_period null but for what is done by the report of an earlier month, none having come at the end. Values are null when nothing was accepted, never zero. completion_ratio null: no basis. gap_pp null: not judged by a gap. shortfall_value null: nothing is wanting by now. breaks_with_period, break_note null: the figure follows from the month before.
-- units: ratios from 0 to 1 (above 1 when exceeded), gap_pp in percentage points, values in unit_of_measure, rates from 0 to 1.
with

completion as (
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
        shortfall_value,
    from marts.indicator_completion
),

period as (
    select
        plan_id,
        period,
        period_start,
        is_latest_due,
    from marts.period_status
),

score as (
    select
        plan_id,
        period,
        indicator_code,
        capped_ratio,
        scored_ratio,
    from marts.indicator_score
),

final as (
    select
        completion.plan_id,
        completion.period,
        period.period_start,
        completion.item_code,
        completion.item_name,
        completion.indicator_code,
        completion.indicator_name,
        completion.unit_of_measure,
        completion.kind,
        completion.comparator,
        completion.target_value,
        completion.actual_value,
        completion.month_value,
        completion.numerator,
        completion.denominator,
        completion.completion_ratio,
        completion.time_progress_ratio,
        completion.gap_pp,
        completion.status_code,
        completion.status_label,
        completion.light,
        completion.lead_unit_code,
        completion.lead_unit_name,
        completion.submission_status,
        completion.accepted_at,
        completion.submission_id,
        completion.revision_no,
        completion.is_corrected,
        completion.polarity,
        completion.rests_on_period,
        completion.breaks_with_period,
        completion.break_note,
        score.capped_ratio,
        score.scored_ratio,
        period.is_latest_due,
        completion.shortfall_value,
    from completion
    inner join period
        on
            completion.plan_id = period.plan_id
            and completion.period = period.period
    inner join score
        on
            completion.plan_id = score.plan_id
            and completion.period = score.period
            and completion.indicator_code = score.indicator_code
)

select * from final
