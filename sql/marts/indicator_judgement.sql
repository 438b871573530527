-- comment: 指标判定
-- purpose: Judges every version of every indicator's value, with each figure the judgement rests on: what is published of the version in force, and what a trace explains. The thresholds come from the plan; every comparison is made on exact decimals, ratios are only shown.
-- grain: plan_id, period, indicator_code, revision_no
-- nulls: revision_no null: nothing accepted; then all figures are null, and rests_on_period is the earlier month whose report still says done, if one does. actual_value null: its denominator is null or 0. completion_* null: no basis to judge by. gap_* null: the kind is not judged by a gap, or there is no basis. way_* null: the kind has no way to go. shortfall_value null: nothing is wanting by now.
-- units: a ratio is its numerator over its denominator, divided once; gap_* in percentage points, way_*, surplus_value and shortfall_value in the unit of actual_numerator; shortfall_value: what is wanting to be on time in the month, or once the deadline has come, to the target; where that has to be passed, of what is counted whole, to the next whole number past it.
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
        is_counted_whole,
        is_register_known,
        may_fall,
        is_closed,
        is_deadline_reached,
        deadline_period,
        is_frozen,
        is_opened_after_freeze,
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
        known_to,
        actual_numerator,
        actual_denominator,
    from star.fct_indicator_report
),

threshold as (
    select
        plan_id,
        from_period,
        to_period,
        ahead_pp,
        green_floor_pp,
        red_floor_pp,
        rate_yellow_pp,
        node_yellow_month,
        node_red_month,
    from star.dim_threshold
),

ruling as (
    select
        ruling_code,
        status_code,
    from star.dim_ruling
),

-- the months at the deadline or after it, frozen without a report: what was said last before them is still held against them
silent as (
    select
        month.plan_id,
        month.period,
        month.indicator_code,
    from month
    left join version
        on
            month.plan_id = version.plan_id
            and month.period = version.period
            and month.indicator_code = version.indicator_code
    where version.revision_no is null and month.is_deadline_reached and month.is_frozen
),

earlier as (
    select
        silent.plan_id,
        silent.period,
        silent.indicator_code,
        version.period as earlier_period,
        version.actual_numerator,
        version.actual_denominator,
        row_number() over (
            partition by silent.plan_id, silent.period, silent.indicator_code order by version.period desc
        ) as recency_no,
    from silent
    inner join version
        on
            silent.plan_id = version.plan_id
            and silent.indicator_code = version.indicator_code
            and silent.period > version.period
            and version.known_to is null
),

based as (
    select
        month.plan_id,
        month.period,
        month.indicator_code,
        version.revision_no,
        month.month_no,
        earlier.earlier_period as rests_on_period,
        -- of what was said earlier it is asked whether its own month was at the deadline
        case
            when silent.period is not null then coalesce(earlier.earlier_period >= month.deadline_period, false)
            else month.is_deadline_reached
        end as is_deadline_reached,
        month.comparator in ('gt', 'gt_last_year') as is_strict,
        coalesce(month.is_counted_whole, false) as is_counted_whole,
        month.polarity,
        month.progress_basis,
        month.reference_value,
        month.node_count,
        month.due_node_value,
        coalesce(
            version.actual_numerator, case when earlier.actual_denominator > 0 then earlier.actual_numerator end
        ) as actual_numerator,
        coalesce(version.actual_denominator, earlier.actual_denominator) as actual_denominator,
        -- a rate, a trend, a ceiling or a level that may fall can be lost again: it is done only when its time is over
        coalesce(month.may_fall, false)
        or month.kind = 'ratio'
        or month.progress_basis in ('rate_gap', 'trend_vs_same_period')
        or month.polarity = 'lower_better' as is_revocable,
        coalesce(month.is_closed, false) as is_closed,
        month.progress_basis = 'rate_gap'
        or (month.progress_basis = 'level_vs_target' and month.kind = 'ratio') as is_judged_by_rate,
        -- narrow casts: a number of the plan times a number of a unit must not lose a digit
        case
            when month.is_rate
                then
                    cast(month.reference_value as decimal(13, 6))
                    * coalesce(version.actual_denominator, earlier.actual_denominator)
            else month.reference_value
        end as required_value,
        case
            when month.is_rate
                then
                    cast(month.due_node_value as decimal(13, 6))
                    * coalesce(version.actual_denominator, earlier.actual_denominator)
            else month.due_node_value
        end as required_node_value,
        case
            when month.progress_basis = 'linear_month' and month.polarity = 'higher_better' then 0
            when month.progress_basis = 'level_vs_target_with_base' then month.base_value
        end as start_value,
        case
            when not coalesce(month.is_register_known, true) then 'NO_REGISTER'
            when version.revision_no is not null and version.actual_numerator is null then 'NO_VALUE'
            when version.revision_no is not null and coalesce(version.actual_denominator, 0) <= 0 then 'NO_DENOMINATOR'
            when month.comparator = 'gt_last_year' and coalesce(month.reference_value, 0) <= 0 then 'NO_LAST_YEAR'
            when month.reference_value < 0 or month.reference_value is null then 'NO_TARGET'
            when month.reference_value = 0 and month.polarity <> 'lower_better' then 'NO_TARGET'
        end as lack_code,
        case
            when version.revision_no is not null then null
            when silent.period is null or month.is_opened_after_freeze then 'NOT_REPORTED'
            else 'UNREPORTED_AT_DEADLINE'
        end as silence_code,
    from month
    left join version
        on
            month.plan_id = version.plan_id
            and month.period = version.period
            and month.indicator_code = version.indicator_code
    left join silent
        on
            month.plan_id = silent.plan_id
            and month.period = silent.period
            and month.indicator_code = silent.indicator_code
    left join earlier
        on
            month.plan_id = earlier.plan_id
            and month.period = earlier.period
            and month.indicator_code = earlier.indicator_code
            and earlier.recency_no = 1
),

measured as (
    select
        plan_id,
        period,
        indicator_code,
        revision_no,
        month_no,
        is_deadline_reached,
        is_strict,
        polarity,
        progress_basis,
        reference_value,
        node_count,
        due_node_value,
        actual_numerator,
        actual_denominator,
        is_deadline_reached or not is_revocable as is_final,
        is_closed,
        is_judged_by_rate,
        required_value,
        required_node_value,
        start_value,
        lack_code,
        silence_code,
        rests_on_period,
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
        -- what is counted whole and has to pass a number wants the next whole one; narrow casts keep the fraction of others
        case
            when not is_strict or not is_counted_whole then required_value
            when polarity = 'lower_better' then cast(ceil(required_value) - 1 as decimal(26, 0))
            else cast(floor(required_value) + 1 as decimal(26, 0))
        end as wanted_value,
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
        measured.is_final,
        measured.is_closed,
        measured.is_judged_by_rate,
        measured.required_value,
        measured.required_node_value,
        measured.start_value,
        measured.lack_code,
        measured.silence_code,
        measured.rests_on_period,
        measured.lack_code is null and measured.silence_code is null as has_figures,
        measured.is_node_met,
        measured.surplus_value,
        measured.wanted_value,
        measured.way_done,
        measured.way_whole,
        threshold.node_yellow_month,
        threshold.node_red_month,
        case
            when measured.is_strict then measured.surplus_value > 0
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
        on
            measured.plan_id = threshold.plan_id
            and measured.period >= coalesce(threshold.from_period, '0000-01')
            and measured.period < coalesce(threshold.to_period, '9999-12')
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
        case when has_figures then start_value end as start_value,
        case when has_figures then surplus_value end as surplus_value,
        case when has_figures then is_met end as is_met,
        case
            when not has_figures then null
            when polarity = 'higher_better' then actual_numerator
            when actual_numerator > 0 then required_value
            else 1
        end as completion_numerator,
        case
            when not has_figures then null
            when polarity = 'higher_better' then required_value
            when actual_numerator > 0 then actual_numerator
            else 1
        end as completion_denominator,
        case when has_figures and has_pace then way_done end as way_numerator,
        case when has_figures and has_pace then way_whole end as way_denominator,
        case
            when not has_figures then null
            when is_judged_by_rate then surplus_value * 100
            when has_pace then (way_done * 12 - way_whole * month_no) * 100
        end as gap_numerator,
        case
            when not has_figures then null
            when is_judged_by_rate then actual_denominator
            when has_pace then way_whole * 12
        end as gap_denominator,
        -- twelve times what is wanting, which the months divide without a rest
        case
            when not has_figures or is_met then null
            when (is_deadline_reached or is_judged_by_rate) and polarity = 'lower_better'
                then (actual_numerator - wanted_value) * 12
            when is_deadline_reached or is_judged_by_rate then (wanted_value - actual_numerator) * 12
            when has_pace then way_whole * month_no - way_done * 12
            when node_count > 0 and not is_node_met and polarity = 'lower_better'
                then (actual_numerator - required_node_value) * 12
            when node_count > 0 and not is_node_met then (required_node_value - actual_numerator) * 12
        end as shortfall_twelfths,
        rests_on_period,
        silence_code,
        case
            when lack_code is null and is_met and is_final and is_closed then 'CLOSED'
            when lack_code is null and is_met and is_final and silence_code is not null then 'MET_EARLIER'
            -- what the plan leaves without a basis nobody could have done
            when silence_code is not null and lack_code is not null then 'NOT_REPORTED'
            when silence_code is not null then silence_code
            when lack_code is not null then lack_code
            when is_met and is_final then 'MET'
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
        case when judged.silence_code is null then judged.actual_numerator end as actual_numerator,
        case when judged.silence_code is null then judged.actual_denominator end as actual_denominator,
        case
            when judged.silence_code is null and judged.actual_denominator > 0
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
        case
            when judged.shortfall_twelfths > 0 then cast(judged.shortfall_twelfths as double) / 12
        end as shortfall_value,
        judged.is_met,
        judged.ruling_code,
        ruling.status_code,
        case
            when judged.ruling_code = 'MET_EARLIER' then judged.rests_on_period
            when judged.ruling_code = 'CLOSED' and judged.silence_code is not null then judged.rests_on_period
        end as rests_on_period,
    from judged
    inner join ruling
        on judged.ruling_code = ruling.ruling_code
)

select * from final
