-- comment: 指标完成情况
-- purpose: Judges every indicator of every opened period: completion, gap and status. The thresholds come from the plan; every comparison is made on exact decimals, ratios are only shown.
-- grain: plan_id, period, indicator_code
-- nulls: actual_value null: not reported, or its denominator is null or 0. completion_ratio null: no basis to judge by; it is 1 where lower is better and nothing is left to lower. gap_pp null: the kind is not judged by a gap, or there is no basis.
-- units: ratios from 0 to 1 (above 1 when exceeded); gap_pp in percentage points.
with

month as (
    select
        plan_id,
        period,
        month_no,
        time_progress_ratio,
        is_deadline_reached,
        item_code,
        item_name,
        indicator_code,
        indicator_no,
        indicator_name,
        unit_of_measure,
        kind,
        comparator,
        polarity,
        progress_basis,
        is_rate,
        is_register_known,
        base_value,
        target_value,
        reference_value,
        node_count,
        due_node_value,
        lead_unit_code,
        lead_unit_name,
        revision_no,
        submission_id,
        accepted_at,
        is_corrected,
        month_value,
        numerator,
        denominator,
        actual_numerator,
        actual_denominator,
    from marts.indicator_month
),

threshold as (
    select
        plan_id,
        ahead_pp,
        green_floor_pp,
        red_floor_pp,
        rate_yellow_pp,
        node_yellow_month,
        node_red_month,
    from star.dim_plan
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

based as (
    select
        plan_id,
        period,
        indicator_code,
        month_no,
        is_deadline_reached,
        comparator,
        polarity,
        progress_basis,
        node_count,
        actual_numerator,
        actual_denominator,
        revision_no is not null as is_reported,
        -- a rate, a trend or a ceiling that is met can be lost again: it is done only when its time is over
        kind = 'ratio'
        or progress_basis in ('rate_gap', 'trend_vs_same_period')
        or polarity = 'lower_better' as is_revocable,
        progress_basis = 'rate_gap' or (progress_basis = 'level_vs_target' and kind = 'ratio') as is_judged_by_rate,
        -- narrow casts: a number of the plan times a number of a unit must not lose a digit
        case
            when is_rate then cast(reference_value as decimal(13, 6)) * actual_denominator
            else reference_value
        end as required_value,
        case
            when is_rate then cast(due_node_value as decimal(13, 6)) * actual_denominator
            else due_node_value
        end as required_node_value,
        case
            when progress_basis = 'linear_month' and polarity = 'higher_better' then 0
            when progress_basis = 'level_vs_target_with_base' then base_value
        end as start_value,
        coalesce(
            actual_numerator is not null
            and actual_denominator > 0
            and case
                when polarity = 'lower_better' and comparator <> 'gt_last_year' then reference_value >= 0
                else reference_value > 0
            end
            and coalesce(is_register_known, true),
            false
        ) as has_basis,
    from month
),

measured as (
    select
        plan_id,
        period,
        indicator_code,
        month_no,
        is_deadline_reached,
        comparator,
        polarity,
        progress_basis,
        node_count,
        actual_numerator,
        actual_denominator,
        is_reported,
        is_revocable,
        is_judged_by_rate,
        required_value,
        has_basis,
        case
            when polarity = 'lower_better' then coalesce(actual_numerator <= required_node_value, true)
            else coalesce(actual_numerator >= required_node_value, true)
        end as is_node_met,
        case
            when polarity = 'lower_better' then required_value - actual_numerator
            else actual_numerator - required_value
        end as surplus,
        case
            when polarity = 'lower_better' then start_value - actual_numerator
            else actual_numerator - start_value
        end as way_done,
        case
            when polarity = 'lower_better' then start_value - required_value
            else required_value - start_value
        end as way_whole,
    from based
),

-- gap_pp >= threshold is asked as way_done * 1200 >= way_whole * (month_no * 100 + 12 * threshold)
paced as (
    select
        measured.plan_id,
        measured.period,
        measured.indicator_code,
        measured.month_no,
        measured.is_deadline_reached,
        measured.polarity,
        measured.progress_basis,
        measured.node_count,
        measured.actual_numerator,
        measured.actual_denominator,
        measured.is_reported,
        measured.is_revocable,
        measured.is_judged_by_rate,
        measured.required_value,
        measured.has_basis,
        measured.is_node_met,
        measured.surplus,
        measured.way_done,
        measured.way_whole,
        threshold.node_yellow_month,
        threshold.node_red_month,
        case
            when measured.comparator in ('gt', 'gt_last_year') then measured.surplus > 0
            else measured.surplus >= 0
        end as is_met,
        coalesce(measured.way_whole > 0, false) as has_pace,
        measured.way_done * 1200 as pace,
        measured.way_whole
        * cast(measured.month_no * 100 + 12 * threshold.ahead_pp as decimal(9, 3)) as ahead_pace,
        measured.way_whole
        * cast(measured.month_no * 100 + 12 * threshold.green_floor_pp as decimal(9, 3)) as green_pace,
        measured.way_whole
        * cast(measured.month_no * 100 + 12 * threshold.red_floor_pp as decimal(9, 3)) as red_pace,
        measured.surplus * 100 >= measured.actual_denominator * threshold.rate_yellow_pp as is_nearly_met,
    from measured
    inner join threshold
        on measured.plan_id = threshold.plan_id
),

judged as (
    select
        plan_id,
        period,
        indicator_code,
        case
            when not has_basis then null
            when polarity = 'higher_better'
                then cast(actual_numerator as double) / cast(required_value as double)
            when actual_numerator > 0
                then cast(required_value as double) / cast(actual_numerator as double)
            else 1
        end as completion_ratio,
        case
            when not has_basis then null
            when is_judged_by_rate
                then cast(surplus * 100 as double) / cast(actual_denominator as double)
            when has_pace
                then cast((way_done * 12 - way_whole * month_no) * 100 as double) / cast(way_whole * 12 as double)
        end as gap_pp,
        case
            when not is_reported then 'NOT_REPORTED'
            when not has_basis then 'NO_BASIS'
            when is_met and (is_deadline_reached or not is_revocable) then 'DONE'
            when is_met then 'ON_TRACK'
            when is_deadline_reached then 'NOT_DONE'
            when has_pace and pace >= ahead_pace then 'AHEAD'
            when has_pace and pace >= green_pace then 'ON_TRACK'
            when has_pace and pace >= red_pace then 'BEHIND'
            when has_pace then 'FAR_BEHIND'
            when is_judged_by_rate and is_nearly_met then 'BEHIND'
            when is_judged_by_rate then 'FAR_BEHIND'
            when progress_basis = 'trend_vs_same_period' then 'BEHIND'
            when progress_basis <> 'node_plan' then 'IN_PROGRESS'
            when node_count > 0 and is_node_met then 'ON_TRACK'
            when node_count > 0 then 'BEHIND'
            when month_no >= node_red_month then 'NOT_DONE'
            when month_no >= node_yellow_month then 'BEHIND'
            else 'IN_PROGRESS'
        end as status_code,
    from paced
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
        case
            when month.actual_denominator > 0
                then cast(month.actual_numerator as double) / cast(month.actual_denominator as double)
        end as actual_value,
        month.month_value,
        month.numerator,
        month.denominator,
        judged.completion_ratio,
        month.time_progress_ratio,
        judged.gap_pp,
        judged.status_code,
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
    from month
    inner join judged
        on
            month.plan_id = judged.plan_id
            and month.period = judged.period
            and month.indicator_code = judged.indicator_code
    left join status
        on judged.status_code = status.status_code
    left join submission
        on
            month.plan_id = submission.plan_id
            and month.period = submission.period
            and month.lead_unit_code = submission.unit_code
)

select * from final
