-- comment: 指标判定
-- purpose: Judges every version of every indicator's value, with each figure the judgement rests on: what is published of the version in force, and what a trace explains. The thresholds come from the plan; every comparison is made on exact decimals, ratios are only shown.
-- grain: plan_id, period, indicator_code, revision_no
-- nulls: revision_no null: nothing accepted. actual_value null: its denominator is null or 0. completion_* null: no basis to judge by. gap_* null: the kind is not judged by a gap, or there is no basis. way_* null: the kind has no way to go.
-- units: a ratio is its numerator over its denominator, divided once; gap_* in percentage points, way_* and surplus_value in the unit of actual_numerator.
with

month as (
    select
        plan_id,
        period,
        month_no,
        indicator_code,
        kind,
        comparator,
        polarity,
        progress_basis,
        is_rate,
        is_register_known,
        is_deadline_reached,
        base_value,
        reference_value,
        node_count,
        due_node_value,
    from marts.indicator_month
),

version as (
    select
        plan_id,
        period,
        indicator_code,
        revision_no,
        actual_numerator,
        actual_denominator,
    from star.fct_indicator_report
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

ruling as (
    select
        ruling_code,
        status_code,
    from star.dim_ruling
),

based as (
    select
        month.plan_id,
        month.period,
        month.indicator_code,
        version.revision_no,
        month.month_no,
        month.is_deadline_reached,
        month.comparator,
        month.polarity,
        month.progress_basis,
        month.reference_value,
        month.node_count,
        month.due_node_value,
        version.actual_numerator,
        version.actual_denominator,
        -- a rate, a trend or a ceiling that is met can be lost again: it is done only when its time is over
        month.kind = 'ratio'
        or month.progress_basis in ('rate_gap', 'trend_vs_same_period')
        or month.polarity = 'lower_better' as is_revocable,
        month.progress_basis = 'rate_gap'
        or (month.progress_basis = 'level_vs_target' and month.kind = 'ratio') as is_judged_by_rate,
        -- narrow casts: a number of the plan times a number of a unit must not lose a digit
        case
            when month.is_rate then cast(month.reference_value as decimal(13, 6)) * version.actual_denominator
            else month.reference_value
        end as required_value,
        case
            when month.is_rate then cast(month.due_node_value as decimal(13, 6)) * version.actual_denominator
            else month.due_node_value
        end as required_node_value,
        case
            when month.progress_basis = 'linear_month' and month.polarity = 'higher_better' then 0
            when month.progress_basis = 'level_vs_target_with_base' then month.base_value
        end as start_value,
        case
            when version.revision_no is null then 'NOT_REPORTED'
            when not coalesce(month.is_register_known, true) then 'NO_REGISTER'
            when version.actual_numerator is null then 'NO_VALUE'
            when coalesce(version.actual_denominator, 0) <= 0 then 'NO_DENOMINATOR'
            when month.comparator = 'gt_last_year' and coalesce(month.reference_value, 0) <= 0 then 'NO_LAST_YEAR'
            when month.reference_value < 0 or month.reference_value is null then 'NO_TARGET'
            when month.reference_value = 0 and month.polarity <> 'lower_better' then 'NO_TARGET'
        end as lack_code,
    from month
    left join version
        on
            month.plan_id = version.plan_id
            and month.period = version.period
            and month.indicator_code = version.indicator_code
),

measured as (
    select
        plan_id,
        period,
        indicator_code,
        revision_no,
        month_no,
        is_deadline_reached,
        comparator,
        polarity,
        progress_basis,
        reference_value,
        node_count,
        due_node_value,
        actual_numerator,
        actual_denominator,
        is_revocable,
        is_judged_by_rate,
        required_value,
        start_value,
        lack_code,
        case
            when polarity = 'lower_better' then coalesce(actual_numerator <= required_node_value, true)
            else coalesce(actual_numerator >= required_node_value, true)
        end as is_node_met,
        case
            when polarity = 'lower_better' then required_value - actual_numerator
            else actual_numerator - required_value
        end as surplus_value,
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
        measured.revision_no,
        measured.month_no,
        measured.is_deadline_reached,
        measured.polarity,
        measured.progress_basis,
        measured.reference_value,
        measured.node_count,
        measured.due_node_value,
        measured.actual_numerator,
        measured.actual_denominator,
        measured.is_revocable,
        measured.is_judged_by_rate,
        measured.required_value,
        measured.start_value,
        measured.lack_code,
        measured.is_node_met,
        measured.surplus_value,
        measured.way_done,
        measured.way_whole,
        threshold.node_yellow_month,
        threshold.node_red_month,
        case
            when measured.comparator in ('gt', 'gt_last_year') then measured.surplus_value > 0
            else measured.surplus_value >= 0
        end as is_met,
        coalesce(measured.way_whole > 0, false) as has_pace,
        measured.way_done * 1200 as pace,
        measured.way_whole
        * cast(measured.month_no * 100 + 12 * threshold.ahead_pp as decimal(9, 3)) as ahead_pace,
        measured.way_whole
        * cast(measured.month_no * 100 + 12 * threshold.green_floor_pp as decimal(9, 3)) as green_pace,
        measured.way_whole
        * cast(measured.month_no * 100 + 12 * threshold.red_floor_pp as decimal(9, 3)) as red_pace,
        measured.surplus_value * 100 >= measured.actual_denominator * threshold.rate_yellow_pp as is_nearly_met,
    from measured
    inner join threshold
        on measured.plan_id = threshold.plan_id
),

judged as (
    select
        plan_id,
        period,
        indicator_code,
        revision_no,
        actual_numerator,
        actual_denominator,
        reference_value,
        node_count,
        due_node_value,
        is_judged_by_rate,
        case when lack_code is null then start_value end as start_value,
        case when lack_code is null then surplus_value end as surplus_value,
        case when lack_code is null then is_met end as is_met,
        case
            when lack_code is not null then null
            when polarity = 'higher_better' then actual_numerator
            when actual_numerator > 0 then required_value
            else 1
        end as completion_numerator,
        case
            when lack_code is not null then null
            when polarity = 'higher_better' then required_value
            when actual_numerator > 0 then actual_numerator
            else 1
        end as completion_denominator,
        case when lack_code is null and has_pace then way_done end as way_numerator,
        case when lack_code is null and has_pace then way_whole end as way_denominator,
        case
            when lack_code is not null then null
            when is_judged_by_rate then surplus_value * 100
            when has_pace then (way_done * 12 - way_whole * month_no) * 100
        end as gap_numerator,
        case
            when lack_code is not null then null
            when is_judged_by_rate then actual_denominator
            when has_pace then way_whole * 12
        end as gap_denominator,
        case
            when lack_code is not null then lack_code
            when is_met and (is_deadline_reached or not is_revocable) then 'MET'
            when is_met then 'MET_SO_FAR'
            when is_deadline_reached then 'PAST_DEADLINE'
            when has_pace and pace >= ahead_pace then 'PACE_AHEAD'
            when has_pace and pace >= green_pace then 'PACE_KEPT'
            when has_pace and pace >= red_pace then 'PACE_BEHIND'
            when has_pace then 'PACE_FAR_BEHIND'
            when is_judged_by_rate and is_nearly_met then 'RATE_BEHIND'
            when is_judged_by_rate then 'RATE_FAR_BEHIND'
            when progress_basis = 'trend_vs_same_period' then 'LAST_YEAR_NOT_PASSED'
            when progress_basis <> 'node_plan' then 'NO_BASE'
            when node_count > 0 and is_node_met then 'NODES_MET'
            when node_count > 0 then 'NODE_MISSED'
            when month_no >= node_red_month then 'NO_NODES_RED'
            when month_no >= node_yellow_month then 'NO_NODES_YELLOW'
            else 'NO_NODES_YET'
        end as ruling_code,
    from paced
),

final as (
    select
        judged.plan_id,
        judged.period,
        judged.indicator_code,
        judged.revision_no,
        judged.actual_numerator,
        judged.actual_denominator,
        case
            when judged.actual_denominator > 0
                then cast(judged.actual_numerator as double) / cast(judged.actual_denominator as double)
        end as actual_value,
        judged.reference_value,
        judged.start_value,
        judged.node_count,
        judged.due_node_value,
        judged.completion_numerator,
        judged.completion_denominator,
        cast(judged.completion_numerator as double) / cast(judged.completion_denominator as double)
            as completion_ratio,
        judged.way_numerator,
        judged.way_denominator,
        judged.is_judged_by_rate,
        judged.gap_numerator,
        judged.gap_denominator,
        cast(judged.gap_numerator as double) / cast(judged.gap_denominator as double) as gap_pp,
        judged.surplus_value,
        judged.is_met,
        judged.ruling_code,
        ruling.status_code,
    from judged
    inner join ruling
        on judged.ruling_code = ruling.ruling_code
)

select * from final
