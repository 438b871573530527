-- comment: 校验用：这一行与以后的数
-- purpose: Every line beside the next accepted month of the year, which must follow from it: a late, corrected or gap-filling month is held against what came after, too.
-- grain: submission_id, sheet_name, row_no
-- scope: row
-- next_period: 本年下一个已接收的月份
-- next_unit_name: 该月由哪个单位报送
-- next_month_value: 该月已接收的本月数
-- next_level: 该月已接收的累计数（存量为月末数，明细为数量）
-- next_numerator: 该月已接收的分子
-- next_denominator: 该月已接收的分母
-- next_difference: 累计数加该月本月数减该月累计数；空：该月不是下月，或不填本月数
-- over_next: 累计数（月末数、数量）超出该月所容许的数：该月累计数减该月本月数，不填本月数的为该月的数；空：另有 next_difference，或可以下降
-- numerator_over_next: 分子减该月的分子；空：按当月计算的比率，或可以下降
-- denominator_over_next: 分母减该月的分母；空：同上
-- is_followed: 该月的数是否与这一行对得上；空：没有这样的月份，或没有可比的数
-- is_bound_by_next: 是否须与该月相符：首次报送的，或没有按更正改数的；按更正改数的、与本月已接收的数相同的，对不上只提示
with

line as (
    select
        submission_id,
        sheet_name,
        row_no,
        plan_id,
        period,
        indicator_code,
        level_value,
        numerator,
        denominator,
    from facts.row
),

changed as (
    select
        submission_id,
        sheet_name,
        row_no,
        is_changed,
        is_correcting,
    from facts.row_history
),

later as (
    select
        submission_id,
        sheet_name,
        row_no,
        next_period,
        next_unit_code,
        next_month_value,
        next_level,
        next_numerator,
        next_denominator,
        is_next_corrected,
    from facts.later
),

indicator as (
    select
        plan_id,
        indicator_code,
        is_month_ratio,
        may_fall,
    from raw.indicator
),

unit as (
    select
        plan_id,
        unit_code,
        unit_name,
        from_period,
        to_period,
    from staging.stg_unit_name
),

beside as (
    select
        line.submission_id,
        line.sheet_name,
        line.row_no,
        line.level_value,
        line.numerator,
        line.denominator,
        coalesce(changed.is_changed, true) and not coalesce(changed.is_correcting, false) as is_bound_by_next,
        later.next_period,
        coalesce(unit.unit_name, later.next_unit_code) as next_unit_name,
        later.next_month_value,
        later.next_level,
        later.next_numerator,
        later.next_denominator,
        later.next_month_value is not null
        and cast(substr(line.period, 6, 2) as integer) + 1 = cast(substr(later.next_period, 6, 2) as integer)
            as is_sum,
        coalesce(indicator.may_fall, false) or later.is_next_corrected as may_next_be_less,
        coalesce(indicator.is_month_ratio, false) as is_month_ratio,
    from line
    inner join later
        on
            line.submission_id = later.submission_id
            and line.sheet_name = later.sheet_name
            and line.row_no = later.row_no
    left join changed
        on
            line.submission_id = changed.submission_id
            and line.sheet_name = changed.sheet_name
            and line.row_no = changed.row_no
    left join indicator
        on
            line.plan_id = indicator.plan_id
            and line.indicator_code = indicator.indicator_code
    left join unit
        on
            line.plan_id = unit.plan_id
            and later.next_unit_code = unit.unit_code
            and later.next_period >= coalesce(unit.from_period, '0000-01')
            and later.next_period < coalesce(unit.to_period, '9999-12')
),

measured as (
    select
        submission_id,
        sheet_name,
        row_no,
        is_bound_by_next,
        next_period,
        next_unit_name,
        next_month_value,
        next_level,
        next_numerator,
        next_denominator,
        case when is_sum then level_value + next_month_value - next_level end as next_difference,
        case
            when next_month_value is not null and not is_sum then level_value - (next_level - next_month_value)
            when next_month_value is null and not may_next_be_less then level_value - next_level
        end as over_next,
        case when not is_month_ratio and not may_next_be_less then numerator - next_numerator end
            as numerator_over_next,
        case when not is_month_ratio and not may_next_be_less then denominator - next_denominator end
            as denominator_over_next,
    from beside
),

final as (
    select
        submission_id,
        sheet_name,
        row_no,
        next_period,
        next_unit_name,
        next_month_value,
        next_level,
        next_numerator,
        next_denominator,
        next_difference,
        over_next,
        numerator_over_next,
        denominator_over_next,
        case
            when coalesce(next_difference, over_next, numerator_over_next, denominator_over_next) is not null
                then
                    coalesce(next_difference = 0, true)
                    and coalesce(over_next <= 0, true)
                    and coalesce(numerator_over_next <= 0, true)
                    and coalesce(denominator_over_next <= 0, true)
        end as is_followed,
        is_bound_by_next,
    from measured
)

select * from final
