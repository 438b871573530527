-- comment: 校验用：这一行与以前的数
-- purpose: Every line beside what was accepted of the indicator before: the last month of the year, and the same month; and what its 更正 corrects.
-- grain: submission_id, sheet_name, row_no
-- scope: row
-- prior_period: 本年上一个有数据的月份
-- prior_level: 该月已接收的累计数（明细为数量）
-- level_change: 累计数（明细为数量）减 prior_level
-- level_share: 累计数（存量为月末数）比 prior_level 的增减占年度目标的比例
-- expected_cumulative: 上月累计加本月数；空：上月没有接收的数
-- cumulative_difference: 累计数减 expected_cumulative
-- gap_difference: 上一个有数据的月份不是上月时，累计数比它增加的数减本月数；空：上月有数据，或以前没有数据
-- prior_numerator: 上一个有数据的月份的分子
-- prior_denominator: 上一个有数据的月份的分母
-- numerator_change: 分子减上一个有数据的月份的分子；空：按当月计算的比率，或以前没有数据
-- denominator_change: 分母减上一个有数据的月份的分母；空：同上
-- prior_ratio: 上一个有数据的月份的比率
-- ratio_change: 比率减 prior_ratio
-- unchanged_months: 在此之前连续几个有数据的月份与现在的数完全相同
-- is_changed: 与本月已接收的版本相比数值是否不同；空：本月没有接收过
-- standing_month: 本月已接收的版本中的本月数
-- standing_level: 本月已接收的版本中的累计数（明细为数量）
-- standing_numerator: 本月已接收的版本中的分子
-- standing_denominator: 本月已接收的版本中的分母
-- is_correcting: 更正是否成立：本月已经接收过，数确有改动（没有写原因的，另有规则）
-- has_standing: 本月是否已经接收过这个指标的数
-- is_write_off: 是否按更正冲减：本月数为负，或累计数（月末数、分子、分母）小于以前月份已接收的
-- is_idle_correction: 选了更正，却没有改动本月已接收的数，也不是冲减；空：这一行没有数
with

line as (
    select
        submission_id,
        sheet_name,
        row_no,
        plan_id,
        unit_code,
        period,
        section,
        indicator_code,
        member_code,
        month_value,
        cumulative_value,
        level_value,
        numerator,
        denominator,
        is_correction,
    from facts.row
),

planned as (
    select
        submission_id,
        sheet_name,
        row_no,
        kind,
        target_value,
    from facts.row_plan
),

indicator as (
    select
        plan_id,
        indicator_code,
        is_month_ratio,
    from raw.indicator
),

earlier as (
    select
        submission_id,
        sheet_name,
        row_no,
        prior_period,
        prior_level,
        prior_numerator,
        prior_denominator,
        unchanged_months,
    from facts.earlier
),

standing as (
    select
        submission_id,
        sheet_name,
        row_no,
        month_value as standing_month,
        level_value as standing_level,
        numerator as standing_numerator,
        denominator as standing_denominator,
        is_other_month or is_other_standing as is_changed,
    from facts.history
    where accepted_period = period
),

compared as (
    select
        line.submission_id,
        line.sheet_name,
        line.row_no,
        line.month_value,
        line.cumulative_value,
        line.level_value,
        line.numerator,
        line.denominator,
        line.is_correction,
        planned.target_value,
        indicator.is_month_ratio,
        earlier.prior_period,
        earlier.prior_numerator,
        earlier.prior_denominator,
        earlier.unchanged_months,
        case
            when earlier.prior_level is not null then earlier.prior_level
            when line.period like '%-01' and planned.kind in ('flow', 'milestone', 'trend') then 0
        end as prior_level,
        coalesce(
            line.period like '%-01'
            or cast(substr(earlier.prior_period, 6, 2) as integer) + 1 = cast(substr(line.period, 6, 2) as integer),
            false
        ) as is_prior_adjacent,
        standing.standing_month,
        standing.standing_level,
        standing.standing_numerator,
        standing.standing_denominator,
        standing.is_changed,
    from line
    inner join planned
        on
            line.submission_id = planned.submission_id
            and line.sheet_name = planned.sheet_name
            and line.row_no = planned.row_no
    left join indicator
        on
            line.plan_id = indicator.plan_id
            and line.indicator_code = indicator.indicator_code
    left join earlier
        on
            line.submission_id = earlier.submission_id
            and line.sheet_name = earlier.sheet_name
            and line.row_no = earlier.row_no
    left join standing
        on
            line.submission_id = standing.submission_id
            and line.sheet_name = standing.sheet_name
            and line.row_no = standing.row_no
),

changed as (
    select
        submission_id,
        sheet_name,
        row_no,
        month_value,
        cumulative_value,
        level_value,
        numerator,
        denominator,
        is_correction,
        target_value,
        prior_period,
        prior_level,
        prior_numerator,
        prior_denominator,
        is_prior_adjacent,
        unchanged_months,
        standing_month,
        standing_level,
        standing_numerator,
        standing_denominator,
        is_changed,
        case when not is_month_ratio then numerator - prior_numerator end as numerator_change,
        case when not is_month_ratio then denominator - prior_denominator end as denominator_change,
    from compared
),

told as (
    select
        submission_id,
        sheet_name,
        row_no,
        month_value,
        cumulative_value,
        level_value,
        numerator,
        denominator,
        is_correction,
        target_value,
        prior_period,
        prior_level,
        prior_numerator,
        prior_denominator,
        is_prior_adjacent,
        unchanged_months,
        standing_month,
        standing_level,
        standing_numerator,
        standing_denominator,
        is_changed,
        numerator_change,
        denominator_change,
        prior_period is not null
        and (
            coalesce(month_value < 0, false)
            or coalesce(level_value < prior_level, false)
            or coalesce(numerator_change < 0, false)
            or coalesce(denominator_change < 0, false)
        ) as is_less,
    from changed
),

final as (
    select
        submission_id,
        sheet_name,
        row_no,
        prior_period,
        prior_level,
        level_value - prior_level as level_change,
        abs(cast(level_value - prior_level as double)) / nullif(cast(target_value as double), 0) as level_share,
        case when is_prior_adjacent then prior_level + month_value end as expected_cumulative,
        case when is_prior_adjacent then cumulative_value - prior_level - month_value end as cumulative_difference,
        case when not is_prior_adjacent then level_value - prior_level - month_value end as gap_difference,
        prior_numerator,
        prior_denominator,
        numerator_change,
        denominator_change,
        cast(prior_numerator as double) / nullif(cast(prior_denominator as double), 0) as prior_ratio,
        cast(numerator as double) / nullif(cast(denominator as double), 0)
        - cast(prior_numerator as double) / nullif(cast(prior_denominator as double), 0) as ratio_change,
        coalesce(unchanged_months, 0) as unchanged_months,
        standing_month,
        standing_level,
        standing_numerator,
        standing_denominator,
        coalesce(standing_month, standing_level, standing_numerator) is not null as has_standing,
        is_changed,
        is_correction and coalesce(is_changed, false) as is_correcting,
        is_correction and is_less as is_write_off,
        case
            when coalesce(month_value, level_value, numerator, denominator) is not null
                then is_correction and not coalesce(is_changed, false) and not is_less
        end as is_idle_correction,
    from told
)

select * from final
