-- comment: 与以前月份对不上的指标
-- purpose: The figures in force that no longer follow from the month before, as happens when that is corrected after them: only a correction of their own (or of that month, back again) clears it.
-- grain: plan_id, period, indicator_code
-- units: breaks_with_period is the last month with a figure before; the note quotes both as they stand.
with

report as (
    select
        plan_id,
        period,
        indicator_code,
        cast(substr(period, 6, 2) as integer) as month_no,
        month_value,
        cumulative_value,
        numerator,
        denominator,
        is_correction,
        lag(period) over month_order as last_period,
        lag(cumulative_value) over month_order as last_cumulative_value,
        lag(numerator) over month_order as last_numerator,
        lag(denominator) over month_order as last_denominator,
    from star.fct_indicator_report
    where known_to is null
    window month_order as (partition by plan_id, indicator_code order by period)
),

indicator as (
    select
        plan_id,
        indicator_code,
        register_scope,
        is_month_ratio,
        may_fall,
    from star.dim_indicator
),

beside as (
    select
        report.plan_id,
        report.period,
        report.indicator_code,
        report.last_period,
        report.month_value,
        report.cumulative_value,
        report.numerator,
        report.denominator,
        report.last_cumulative_value,
        report.last_numerator,
        report.last_denominator,
        report.last_cumulative_value + report.month_value as sum_value,
        report.month_no = cast(substr(report.last_period, 6, 2) as integer) + 1 as is_next_month,
        report.month_value is null and not indicator.may_fall and not report.is_correction as may_not_fall,
        not indicator.is_month_ratio as is_year_to_date,
        indicator.register_scope is null as is_of_the_form,
    from report
    inner join indicator
        on
            report.plan_id = indicator.plan_id
            and report.indicator_code = indicator.indicator_code
    where report.last_period is not null
),

judged as (
    select
        plan_id,
        period,
        indicator_code,
        last_period,
        case
            when is_next_month and cumulative_value <> sum_value then 'sum'
            when not is_next_month and cumulative_value < sum_value then 'gap'
            when may_not_fall and cumulative_value < last_cumulative_value then 'level'
            when may_not_fall and is_year_to_date and numerator < last_numerator then 'numerator'
            when may_not_fall and is_year_to_date and is_of_the_form and denominator < last_denominator
                then 'denominator'
        end as break_kind,
        regexp_replace(cast(month_value as varchar), '[.]?0+$', '') as month_text,
        regexp_replace(cast(cumulative_value as varchar), '[.]?0+$', '') as cumulative_text,
        regexp_replace(cast(last_cumulative_value as varchar), '[.]?0+$', '') as last_cumulative_text,
        regexp_replace(cast(numerator as varchar), '[.]?0+$', '') as numerator_text,
        regexp_replace(cast(last_numerator as varchar), '[.]?0+$', '') as last_numerator_text,
        regexp_replace(cast(denominator as varchar), '[.]?0+$', '') as denominator_text,
        regexp_replace(cast(last_denominator as varchar), '[.]?0+$', '') as last_denominator_text,
    from beside
),

final as (
    select
        plan_id,
        period,
        indicator_code,
        last_period as breaks_with_period,
        concat(
            '与 ',
            last_period,
            ' 对不上：',
            case break_kind
                when 'sum'
                    then
                        concat(
                            '累计 ', cumulative_text, ' 不等于该月累计 ', last_cumulative_text, ' 加本月数 ', month_text
                        )
                when 'gap'
                    then
                        concat(
                            '累计 ', cumulative_text, ' 小于该月累计 ', last_cumulative_text, ' 加本月数 ', month_text
                        )
                when 'level' then concat(cumulative_text, ' 小于该月的 ', last_cumulative_text)
                when 'numerator' then concat('分子 ', numerator_text, ' 小于该月的 ', last_numerator_text)
                else concat('分母 ', denominator_text, ' 小于该月的 ', last_denominator_text)
            end,
            '，待更正'
        ) as break_note,
    from judged
    where break_kind is not null
)

select * from final
