-- comment: 指标推进速度
-- purpose: Of every indicator judged along the year and not yet done: the pace it needs, the pace it had, and where that leads. Built anew from the values in force, so a correction of March moves every month that builds on it.
-- grain: plan_id, period, indicator_code
-- nulls: pace_recent, forecast_* null: the value three months back is not known (January to March start from zero or the base). pace_needed null: no month is left, or the number itself is reached and only has to be exceeded.
-- units: paces in unit_of_measure per month, negative where the value has to fall; forecast_value at the deadline, or the end of the year, never below zero.
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
        base_value,
        target_value,
        deadline_period,
        actual_numerator as actual_value,
    from marts.indicator_month
),

completion as (
    select
        plan_id,
        period,
        indicator_code,
        status_code,
    from marts.indicator_completion
),

started as (
    select
        month.plan_id,
        month.period,
        month.month_no,
        month.indicator_code,
        month.kind,
        month.comparator,
        month.polarity,
        month.target_value,
        month.actual_value,
        case when month.progress_basis = 'linear_month' then 0 else month.base_value end as start_value,
        case
            when substring(month.deadline_period, 1, 4) = substring(month.period, 1, 4)
                then cast(substring(month.deadline_period, 6, 2) as integer) - month.month_no
            else 12 - month.month_no
        end as remaining_month_count,
    from month
    where
        not month.is_rate
        and (
            (month.progress_basis = 'linear_month' and month.polarity = 'higher_better')
            or (
                month.progress_basis = 'level_vs_target_with_base'
                and case
                    when month.polarity = 'higher_better' then month.target_value > month.base_value
                    else month.target_value < month.base_value
                end
            )
        )
),

open_way as (
    select
        started.plan_id,
        started.period,
        started.indicator_code,
        started.kind,
        started.polarity,
        started.target_value,
        started.actual_value,
        started.remaining_month_count,
        case when started.month_no = 3 then started.start_value else earlier.actual_value end as earlier_value,
    from started
    inner join completion
        on
            started.plan_id = completion.plan_id
            and started.period = completion.period
            and started.indicator_code = completion.indicator_code
    left join month as earlier
        on
            started.plan_id = earlier.plan_id
            and started.indicator_code = earlier.indicator_code
            and started.month_no = earlier.month_no + 3
    where
        completion.status_code in ('AHEAD', 'ON_TRACK', 'BEHIND', 'FAR_BEHIND', 'NOT_DONE')
        and case
            when started.comparator = 'gt' and started.actual_value = started.target_value then true
            when started.polarity = 'higher_better' then started.actual_value < started.target_value
            else started.actual_value > started.target_value
        end
),

-- thirds are kept whole: everything is counted in three months' worth and divided last
grown as (
    select
        plan_id,
        period,
        indicator_code,
        kind,
        polarity,
        target_value,
        actual_value,
        remaining_month_count,
        actual_value - earlier_value as growth_value,
        case
            when remaining_month_count > 0
                then actual_value * 3 + (actual_value - earlier_value) * remaining_month_count
        end as threefold_forecast,
    from open_way
),

-- shown with two places, half-up and exact: threefold, that is the nearest multiple of 0.03
rounded as (
    select
        plan_id,
        period,
        indicator_code,
        kind,
        polarity,
        target_value,
        actual_value,
        remaining_month_count,
        growth_value,
        threefold_forecast < 0 as is_below_zero,
        case when threefold_forecast < 0 then 0 else threefold_forecast end as threefold_forecast,
        threefold_forecast as threefold_sum,
        cast(
            (
                threefold_forecast - threefold_forecast % 0.03
                + case
                    when threefold_forecast % 0.03 >= 0.015 then 0.03
                    when threefold_forecast % 0.03 <= -0.015 then -0.03
                    else 0
                end
            ) / 3 as decimal(24, 2)
        ) as shown_forecast,
    from grown
),

final as (
    select
        plan_id,
        period,
        indicator_code,
        remaining_month_count,
        case
            when remaining_month_count > 0 and actual_value <> target_value
                then cast(target_value - actual_value as double) / remaining_month_count
        end as pace_needed,
        cast(growth_value as double) / 3 as pace_recent,
        cast(threefold_forecast as double) / 3 as forecast_value,
        case
            when polarity = 'higher_better' then cast(threefold_forecast as double) / cast(target_value * 3 as double)
            when threefold_forecast > 0 then cast(target_value * 3 as double) / cast(threefold_forecast as double)
            when threefold_forecast <= 0 then 1
        end as forecast_ratio,
        case when kind = 'stock' then '月末数 ' else '累计 ' end
        || regexp_replace(cast(actual_value as varchar), '[.]?0+$', '')
        || ' + 近三月共 '
        || regexp_replace(cast(growth_value as varchar), '[.]?0+$', '')
        || ' ÷ 3 × 余 '
        || cast(remaining_month_count as varchar)
        || case when shown_forecast * 3 = threefold_sum then ' 个月 = ' else ' 个月 ≈ ' end
        || regexp_replace(cast(shown_forecast as varchar), '[.]?0+$', '')
        || case when is_below_zero then '，不会低于零，按 0 计' else '' end as forecast_basis,
    from rounded
)

select * from final
