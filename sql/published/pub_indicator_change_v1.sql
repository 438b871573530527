-- comment: 指标环比与同比（每期每项指标一行）
-- fact: snapshot
-- adds: 同一指标的增量、当月分子分母可跨月份相加；不同指标、比率不可相加
-- purpose: For BI: what a month added to each figure, for rates with the numerator and denominator of the month alone, and how it compares with the same months of last year.
-- grain: plan_id, period, indicator_code
-- nulls: previous_value, increment_value null: not reported this month or the one before. month_* null: no rate, or one of the two is missing. last_year_value null: the plan gives none.
-- units: increment_value in unit_of_measure, of rates from -1 to 1; year_on_year_ratio is how much more than last year, 0 when the same.
with

completion as (
    select
        plan_id,
        period,
        cast(substring(period, 6, 2) as integer) as month_no,
        item_code,
        item_name,
        indicator_code,
        indicator_name,
        unit_of_measure,
        kind,
        actual_value,
        numerator,
        denominator,
        lag(period) over indicator_order as previous_period,
        lag(actual_value) over indicator_order as previous_value,
        lag(numerator) over indicator_order as previous_numerator,
        lag(denominator) over indicator_order as previous_denominator,
    from marts.indicator_completion
    window indicator_order as (partition by plan_id, indicator_code order by period)
),

indicator as (
    select
        plan_id,
        indicator_code,
        is_month_ratio,
    from star.dim_indicator
),

last_year as (
    select
        plan_id,
        indicator_code,
        month_no,
        cumulative_value,
        from_period,
        to_period,
    from star.fct_last_year
),

-- the year begins at nothing for what is added up from January on
begun as (
    select
        completion.plan_id,
        completion.period,
        completion.month_no,
        completion.item_code,
        completion.item_name,
        completion.indicator_code,
        completion.indicator_name,
        completion.unit_of_measure,
        completion.kind,
        completion.actual_value,
        case
            when completion.month_no = 1 and completion.kind in ('flow', 'milestone', 'trend') then 0
            when cast(substring(completion.previous_period, 6, 2) as integer) = completion.month_no - 1
                then completion.previous_value
        end as previous_value,
        case
            when completion.kind <> 'ratio' or indicator.is_month_ratio then null
            when completion.month_no = 1 then completion.numerator
            when cast(substring(completion.previous_period, 6, 2) as integer) = completion.month_no - 1
                then completion.numerator - completion.previous_numerator
        end as added_numerator,
        case
            when completion.kind <> 'ratio' or indicator.is_month_ratio then null
            when completion.month_no = 1 then completion.denominator
            when cast(substring(completion.previous_period, 6, 2) as integer) = completion.month_no - 1
                then completion.denominator - completion.previous_denominator
        end as added_denominator,
        case when indicator.is_month_ratio then completion.numerator end as own_numerator,
        case when indicator.is_month_ratio then completion.denominator end as own_denominator,
    from completion
    inner join indicator
        on
            completion.plan_id = indicator.plan_id
            and completion.indicator_code = indicator.indicator_code
),

final as (
    select
        begun.plan_id,
        begun.period,
        cast(begun.period || '-01' as date) as period_start,
        begun.item_code,
        begun.item_name,
        begun.indicator_code,
        begun.indicator_name,
        begun.unit_of_measure,
        begun.kind,
        begun.actual_value,
        begun.previous_value,
        begun.actual_value - begun.previous_value as increment_value,
        coalesce(begun.own_numerator, begun.added_numerator) as month_numerator,
        coalesce(begun.own_denominator, begun.added_denominator) as month_denominator,
        case
            when coalesce(begun.own_denominator, begun.added_denominator) > 0
                then
                    cast(coalesce(begun.own_numerator, begun.added_numerator) as double)
                    / cast(coalesce(begun.own_denominator, begun.added_denominator) as double)
        end as month_ratio,
        last_year.cumulative_value as last_year_value,
        case
            when last_year.cumulative_value > 0
                then begun.actual_value / cast(last_year.cumulative_value as double) - 1
        end as year_on_year_ratio,
    from begun
    left join last_year
        on
            begun.plan_id = last_year.plan_id
            and begun.indicator_code = last_year.indicator_code
            and begun.month_no = last_year.month_no
            and begun.period >= coalesce(last_year.from_period, '0000-01')
            and begun.period < coalesce(last_year.to_period, '9999-12')
)

select * from final
