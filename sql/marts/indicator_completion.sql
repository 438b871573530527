-- comment: 指标完成情况
-- purpose: Every indicator of every opened period with the judgement of its version in force, the words for its status, and how its unit stands with the month.
-- grain: plan_id, period, indicator_code
-- nulls: breaks_with_period, break_note null: the figure follows from the one before. actual_value null: not reported, or its denominator is null or 0. completion_ratio null: no basis to judge by; it is 1 where lower is better and nothing is left to lower. gap_pp null: the kind is not judged by a gap, or there is no basis.
-- units: ratios from 0 to 1 (above 1 when exceeded); gap_pp in percentage points.
with

month as (
    select
        plan_id,
        period,
        time_progress_ratio,
        item_code,
        item_name,
        indicator_code,
        indicator_no,
        indicator_name,
        unit_of_measure,
        kind,
        comparator,
        polarity,
        target_value,
        lead_unit_code,
        lead_unit_name,
        revision_no,
        submission_id,
        accepted_at,
        is_corrected,
        month_value,
        numerator,
        denominator,
    from marts.indicator_month
),

judgement as (
    select
        plan_id,
        period,
        indicator_code,
        revision_no,
        actual_value,
        completion_ratio,
        gap_pp,
        shortfall_value,
        ruling_code,
        status_code,
        rests_on_period,
    from marts.indicator_judgement
),

status as (
    select
        status_code,
        status_label,
        light,
    from star.dim_status
),

submission as (
    select
        plan_id,
        period,
        unit_code,
        submission_status,
    from marts.submission_status
),

contradiction as (
    select
        plan_id,
        period,
        indicator_code,
        breaks_with_period,
        break_note,
    from marts.indicator_break
),

final as (
    select
        month.plan_id,
        month.period,
        month.item_code,
        month.item_name,
        month.indicator_code,
        month.indicator_no,
        month.indicator_name,
        month.unit_of_measure,
        month.kind,
        month.comparator,
        month.target_value,
        judgement.actual_value,
        month.month_value,
        month.numerator,
        month.denominator,
        judgement.completion_ratio,
        month.time_progress_ratio,
        judgement.gap_pp,
        judgement.status_code,
        status.status_label,
        status.light,
        month.lead_unit_code,
        month.lead_unit_name,
        coalesce(submission.submission_status, 'not_due') as submission_status,
        month.accepted_at,
        month.submission_id,
        month.revision_no,
        month.is_corrected,
        month.polarity,
        judgement.ruling_code,
        judgement.rests_on_period,
        contradiction.breaks_with_period,
        contradiction.break_note,
        judgement.shortfall_value,
    from month
    inner join judgement
        on
            month.plan_id = judgement.plan_id
            and month.period = judgement.period
            and month.indicator_code = judgement.indicator_code
            and coalesce(month.revision_no, 0) = coalesce(judgement.revision_no, 0)
    left join status
        on judgement.status_code = status.status_code
    left join submission
        on
            month.plan_id = submission.plan_id
            and month.period = submission.period
            and month.lead_unit_code = submission.unit_code
    left join contradiction
        on
            month.plan_id = contradiction.plan_id
            and month.period = contradiction.period
            and month.indicator_code = contradiction.indicator_code
)

select * from final
