-- comment: 校验用：填报的行
-- purpose: Every line of a readable form beside what the plan, the rest of the file and the unit's accepted history say of it.
-- grain: submission_id, sheet_name, row_no
-- section: report 填报，contribution 配合事项，detail 明细
-- has_code: 有没有指标编码（配合事项中有项目编码也算有）
-- is_known_indicator: 编码是否在方案中
-- indicator_name: 指标在方案中的名称；空：方案中没有这个编码
-- written_name: 表内所写的指标名称
-- is_named_right: 表内名称与编码是否相符
-- lead_unit_name: 指标的牵头单位
-- is_owed: 是否由本单位在这张表填报；空：单位或报送期不明，无法判断
-- kind: 指标类型 flow 累计量，stock 存量，ratio 比率，coverage 覆盖，milestone 里程碑，trend 同比
-- written_target: 表内年度目标
-- target_value: 方案年度目标
-- target_difference: 表内目标减方案目标
-- month_value: 本月数
-- cumulative_value: 累计数（存量指标为月末数）
-- month_over_cumulative: 本月数减累计数
-- prior_period: 本年上一个有数据的月份
-- prior_level: 该月已接收的累计数（明细为数量）
-- level_change: 累计数（明细为数量）减 prior_level
-- expected_cumulative: 上月累计加本月数；空：上月没有接收的数
-- cumulative_difference: 累计数减 expected_cumulative
-- is_prior_corrected: 该月的数是否为更正后的数
-- gap_difference: 上一个有数据的月份不是上月时，累计数比它增加的数减本月数；空：上月有数据，或以前没有数据
-- increment_share: 本月数占年度目标的比例
-- level_share: 累计数（存量为月末数）比 prior_level 的增减占年度目标的比例
-- numerator_change: 分子减上一个有数据的月份的分子；空：按当月计算的比率，或以前没有数据
-- denominator_change: 分母减上一个有数据的月份的分母；空：同上
-- prior_numerator: 上一个有数据的月份的分子
-- prior_denominator: 上一个有数据的月份的分母
-- prior_ratio: 上一个有数据的月份的比率
-- ratio_change: 比率减 prior_ratio
-- unchanged_months: 在此之前连续几个有数据的月份与现在的数完全相同
-- is_target_met: 是否已经达到年度目标（不看方向和“超”字，只用来免去不必要的提示）
-- contributor_count: 到这个月为止报过本指标完成数的配合单位有几个
-- contributed_total: 这些单位最近一次累计数之和；空：没有配合单位报过
-- contribution_excess: contributed_total 减累计数
-- ratio: 分子除以分母
-- numerator_excess: 分子超出允许上限的数
-- numerator_excess_warn: 分子超出提示上限的数
-- fixed_denominator: 方案确定的分母
-- register_size: 分子、分母所数的名录共有多少个；空：没有名录，或名录尚未提供
-- is_zero_of_zero: 分子、分母是否都是 0
-- has_reason: 是否写了更正原因
-- has_words: 是否有文字说明（更正原因、备注、形象进度、存在问题）
-- is_changed: 与本月已接收的版本相比数值是否不同；空：本月没有接收过
-- timing: on_time 按时，late 迟报，supplementary 补报
-- whole_code: 本指标是其中项时，总项的编码
-- whole_month: 总项本月数
-- whole_cumulative: 总项累计数
-- partner_denominator: 应有相同分母的指标的分母
-- level_code: 分母应等于其数值的指标
-- level_required: 该指标的数值
-- supporter_total: 支撑指标的累计数之和
-- required_value: 同一名录成员在前提指标中的数量
-- twin_share: 与并列指标累计数之差，占两者较大者的比例
-- register_name: 应对照的名录；空：不需要或名录尚未提供
-- is_known_member: 名录中有没有这个编码
-- register_member_name: 名录中的规范名称；空：名录中没有
-- is_member_named_right: 名录编码与名称是否相符
with

file as (
    select
        submission_id,
        plan_id,
        unit_code,
        unit_name,
        period,
        rules_period,
        timing,
        reading = 'ok' and period_status = 'open' and is_own_file as is_placed,
    from staging.vld_file
),

line as (
    select
        submission_id,
        sheet_name,
        row_no,
        section,
        item_code,
        indicator_code,
        member_code,
        written_name,
        written_member_name,
        written_target,
        month_value,
        cumulative_value,
        numerator,
        denominator,
        member_value,
        level_value,
        is_zero_report,
        is_correction,
        correction_reason,
        any_words,
    from staging.vld_line
),

indicator as (
    select
        plan_id,
        indicator_code,
        indicator_name,
        kind,
        unit_of_measure,
        lead_unit_code,
        register_code,
        register_scope,
        is_month_ratio,
        may_fall,
        max_ratio_reject,
        max_ratio_warn,
        fixed_denominator,
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

target as (
    select
        plan_id,
        indicator_code,
        from_period,
        to_period,
        target_value,
    from staging.stg_target
),

register as (
    select
        plan_id,
        register_code,
        register_name,
    from raw.register
    where is_known
),

register_member as (
    select
        plan_id,
        register_code,
        member_code,
        member_name,
    from raw.register_member
),

register_count as (
    select
        plan_id,
        register_code,
        count(*) as register_size,
    from register_member
    group by plan_id, register_code
),

owed as (
    select
        submission_id,
        section,
        item_code,
        indicator_code,
        member_code,
    from staging.vld_owed
),

accepted as (
    select
        plan_id,
        unit_code,
        period,
        section,
        indicator_code,
        member_code,
        month_value,
        cumulative_value,
        numerator,
        denominator,
        level_value,
    from staging.vld_accepted
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
        is_prior_corrected,
        unchanged_months,
    from staging.vld_earlier
),

contributed as (
    select
        submission_id,
        sheet_name,
        row_no,
        contributor_count,
        contributed_total,
    from staging.vld_contributed
),

relation as (
    select
        plan_id,
        indicator_code,
        relation_type,
        other_indicator_code,
    from raw.relation
),

placed as (
    select
        file.plan_id,
        file.unit_code,
        file.unit_name,
        file.period,
        file.rules_period,
        file.timing,
        file.is_placed,
        line.submission_id,
        line.sheet_name,
        line.row_no,
        line.section,
        line.item_code,
        line.indicator_code,
        line.member_code,
        line.written_name,
        line.written_member_name,
        line.written_target,
        line.month_value,
        line.cumulative_value,
        line.numerator,
        line.denominator,
        line.member_value,
        line.level_value,
        line.is_zero_report,
        line.is_correction,
        line.correction_reason,
        line.any_words,
    from file
    inner join line
        on file.submission_id = line.submission_id
),

pair as (
    select
        placed.submission_id,
        placed.sheet_name,
        placed.row_no,
        placed.denominator,
        relation.relation_type,
        relation.other_indicator_code,
        other.month_value as other_month,
        other.cumulative_value as other_cumulative,
        other.level_value as other_level,
        other.denominator as other_denominator,
    from placed
    inner join relation
        on
            placed.plan_id = relation.plan_id
            and placed.indicator_code = relation.indicator_code
    inner join line as other
        on
            placed.submission_id = other.submission_id
            and placed.section = other.section
            and relation.other_indicator_code = other.indicator_code
            and coalesce(placed.member_code, '') = coalesce(other.member_code, '')
),

related as (
    select
        submission_id,
        sheet_name,
        row_no,
        max(case when relation_type = 'subset_of' then other_indicator_code end) as whole_code,
        max(case when relation_type = 'subset_of' then other_month end) as whole_month,
        max(case when relation_type = 'subset_of' then other_cumulative end) as whole_cumulative,
        coalesce(
            max(
                case
                    when relation_type = 'shares_denominator_with' and other_denominator <> denominator
                        then other_denominator
                end
            ),
            max(case when relation_type = 'shares_denominator_with' then other_denominator end)
        ) as partner_denominator,
        max(case when relation_type = 'denominator_equals' then other_indicator_code end) as level_code,
        max(case when relation_type = 'denominator_equals' then other_level end) as level_required,
        sum(case when relation_type = 'supported_by' then other_cumulative end) as supporter_total,
        max(case when relation_type = 'requires' then other_level end) as required_value,
        max(case when relation_type = 'twin_of' then other_cumulative end) as twin_cumulative,
    from pair
    group by submission_id, sheet_name, row_no
),

joined as (
    select
        placed.submission_id,
        placed.plan_id,
        placed.unit_code,
        placed.unit_name,
        placed.period,
        placed.rules_period,
        placed.timing,
        placed.sheet_name,
        placed.row_no,
        placed.section,
        placed.item_code,
        placed.indicator_code,
        placed.member_code,
        placed.written_name,
        placed.written_member_name,
        placed.written_target,
        placed.month_value,
        placed.cumulative_value,
        placed.numerator,
        placed.denominator,
        placed.member_value,
        placed.level_value,
        placed.is_zero_report,
        placed.is_correction,
        placed.correction_reason,
        placed.any_words,
        indicator.indicator_name,
        indicator.kind,
        indicator.unit_of_measure,
        indicator.is_month_ratio,
        indicator.may_fall,
        indicator.max_ratio_reject,
        indicator.max_ratio_warn,
        indicator.fixed_denominator,
        unit.unit_name as lead_unit_name,
        case when placed.section = 'report' and indicator.register_scope is null then target.target_value end
            as target_value,
        case when placed.is_placed then owed.submission_id is not null end as is_owed,
        earlier.prior_period,
        earlier.prior_numerator,
        earlier.prior_denominator,
        earlier.is_prior_corrected,
        earlier.unchanged_months,
        contributed.contributor_count,
        contributed.contributed_total,
        case
            when earlier.prior_level is not null then earlier.prior_level
            when placed.period like '%-01' and indicator.kind in ('flow', 'milestone', 'trend') then 0
        end as prior_level,
        coalesce(
            placed.period like '%-01'
            or cast(substr(earlier.prior_period, 6, 2) as integer) + 1 = cast(substr(placed.period, 6, 2) as integer),
            false
        ) as is_prior_adjacent,
        case
            when accepted.period is not null then
                coalesce(
                    placed.month_value is distinct from accepted.month_value
                    or placed.level_value is distinct from accepted.level_value
                    or placed.numerator is distinct from accepted.numerator
                    or placed.denominator is distinct from accepted.denominator,
                    false
                )
        end as is_changed,
        related.whole_code,
        related.whole_month,
        related.whole_cumulative,
        related.partner_denominator,
        related.level_code,
        related.level_required,
        related.supporter_total,
        related.required_value,
        related.twin_cumulative,
        register.register_name,
        case when placed.section = 'report' and indicator.register_scope is null then register_count.register_size end
            as register_size,
        register_member.member_name as register_member_name,
    from placed
    left join indicator
        on
            placed.plan_id = indicator.plan_id
            and placed.indicator_code = indicator.indicator_code
    left join unit
        on
            indicator.plan_id = unit.plan_id
            and indicator.lead_unit_code = unit.unit_code
            and placed.rules_period >= coalesce(unit.from_period, '0000-01')
            and placed.rules_period < coalesce(unit.to_period, '9999-12')
    left join target
        on
            placed.plan_id = target.plan_id
            and placed.indicator_code = target.indicator_code
            and placed.period >= coalesce(target.from_period, '0000-01')
            and placed.period < coalesce(target.to_period, '9999-12')
    left join owed
        on
            placed.submission_id = owed.submission_id
            and placed.section = owed.section
            and coalesce(placed.indicator_code, placed.item_code) = coalesce(owed.indicator_code, owed.item_code)
            and coalesce(placed.member_code, '') = coalesce(owed.member_code, '')
    left join earlier
        on
            placed.submission_id = earlier.submission_id
            and placed.sheet_name = earlier.sheet_name
            and placed.row_no = earlier.row_no
    left join contributed
        on
            placed.submission_id = contributed.submission_id
            and placed.sheet_name = contributed.sheet_name
            and placed.row_no = contributed.row_no
    left join accepted
        on
            placed.plan_id = accepted.plan_id
            and placed.unit_code = accepted.unit_code
            and placed.period = accepted.period
            and placed.section = accepted.section
            and placed.indicator_code = accepted.indicator_code
            and coalesce(placed.member_code, '') = coalesce(accepted.member_code, '')
    left join related
        on
            placed.submission_id = related.submission_id
            and placed.sheet_name = related.sheet_name
            and placed.row_no = related.row_no
    left join register
        on
            indicator.plan_id = register.plan_id
            and indicator.register_code = register.register_code
    left join register_count
        on
            register.plan_id = register_count.plan_id
            and register.register_code = register_count.register_code
    left join register_member
        on
            register.plan_id = register_member.plan_id
            and register.register_code = register_member.register_code
            and placed.member_code = register_member.member_code
            and placed.section = 'detail'
),

final as (
    select
        submission_id,
        plan_id,
        unit_code,
        unit_name,
        period,
        rules_period,
        timing,
        sheet_name,
        row_no,
        section,
        item_code,
        coalesce(indicator_code, item_code) is not null as has_code,
        indicator_code,
        indicator_name is not null as is_known_indicator,
        indicator_name,
        written_name,
        case when indicator_name is not null and written_name is not null then indicator_name = written_name end
            as is_named_right,
        member_code,
        written_member_name,
        register_name,
        register_member_name is not null as is_known_member,
        register_member_name,
        register_member_name = written_member_name as is_member_named_right,
        lead_unit_name,
        is_owed,
        kind,
        unit_of_measure,
        written_target,
        target_value,
        written_target - target_value as target_difference,
        month_value,
        cumulative_value,
        member_value,
        level_value,
        month_value - cumulative_value as month_over_cumulative,
        prior_period,
        prior_level,
        coalesce(is_prior_corrected, false) as is_prior_corrected,
        level_value - prior_level as level_change,
        may_fall,
        case when is_prior_adjacent then prior_level + month_value end as expected_cumulative,
        case when is_prior_adjacent then cumulative_value - prior_level - month_value end as cumulative_difference,
        case when not is_prior_adjacent then level_value - prior_level - month_value end as gap_difference,
        cast(month_value as double) / nullif(cast(target_value as double), 0) as increment_share,
        abs(cast(level_value - prior_level as double)) / nullif(cast(target_value as double), 0) as level_share,
        prior_numerator,
        prior_denominator,
        case when not is_month_ratio then numerator - prior_numerator end as numerator_change,
        case when not is_month_ratio then denominator - prior_denominator end as denominator_change,
        cast(prior_numerator as double) / nullif(cast(prior_denominator as double), 0) as prior_ratio,
        cast(numerator as double) / nullif(cast(denominator as double), 0)
        - cast(prior_numerator as double) / nullif(cast(prior_denominator as double), 0) as ratio_change,
        coalesce(unchanged_months, 0) as unchanged_months,
        coalesce(
            cast(level_value as double) >= cast(target_value as double)
            or cast(numerator as double) >= cast(target_value as double) * cast(denominator as double),
            false
        ) as is_target_met,
        contributor_count,
        contributed_total,
        contributed_total - cumulative_value as contribution_excess,
        numerator,
        denominator,
        fixed_denominator,
        register_size,
        numerator = 0 and denominator = 0 as is_zero_of_zero,
        cast(numerator as double) / nullif(cast(denominator as double), 0) as ratio,
        max_ratio_reject,
        max_ratio_warn,
        cast(numerator as double) - cast(max_ratio_reject as double) * cast(denominator as double) as numerator_excess,
        cast(numerator as double) - cast(max_ratio_warn as double) * cast(denominator as double)
            as numerator_excess_warn,
        is_zero_report,
        is_correction,
        correction_reason,
        correction_reason is not null as has_reason,
        any_words is not null as has_words,
        is_changed,
        whole_code,
        whole_month,
        whole_cumulative,
        partner_denominator,
        level_code,
        level_required,
        supporter_total,
        required_value,
        abs(cast(cumulative_value - twin_cumulative as double))
        / nullif(cast(greatest(cumulative_value, twin_cumulative) as double), 0) as twin_share,
    from joined
)

select * from final
