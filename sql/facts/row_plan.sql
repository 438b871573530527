-- comment: 校验用：方案对这一行的规定
-- purpose: What the plan says of every line: its indicator by name, kind and target, who reports it, and how far the line is from that.
-- grain: submission_id, sheet_name, row_no
-- scope: row
-- is_known_indicator: 编码是否在方案中
-- indicator_name: 指标在方案中的名称；空：方案中没有这个编码
-- is_named_right: 表内名称与编码是否相符
-- lead_unit_name: 指标的牵头单位
-- is_owed: 是否由本单位在这张表填报；空：单位或报送期不明，无法判断
-- kind: 指标类型 {kind}
-- fixed_denominator: 方案确定的分母
-- has_number: 这一行有没有填数（方案确定的分母不算）
-- may_fall: 指标的数是否可以下降
-- max_ratio_reject: 比率最高可以是多少，再高就退回；空：没有规定
-- max_ratio_warn: 比率高于多少就请单位核对；空：没有规定
-- target_value: 方案年度目标
-- target_difference: 表内目标减方案目标
-- is_former_target: 表内目标是否为调整以前的目标（报表下发以后目标才调整的）
-- increment_share: 本月数占年度目标的比例
-- is_target_met: 是否已经达到年度目标（不看方向和“超”字，只用来免去不必要的提示）
-- numerator_excess: 分子超出允许上限的数
-- numerator_excess_warn: 分子超出提示上限的数
with

line as (
    select
        submission_id,
        sheet_name,
        row_no,
        plan_id,
        period,
        rules_period,
        section,
        item_code,
        indicator_code,
        member_code,
        written_name,
        written_target,
        month_value,
        level_value,
        numerator,
        denominator,
    from facts.row
),

file as (
    select
        submission_id,
        is_placed,
    from facts.file
),

indicator as (
    select
        plan_id,
        indicator_code,
        indicator_name,
        kind,
        unit_of_measure,
        register_scope,
        may_fall,
        max_ratio_reject,
        max_ratio_warn,
    from raw.indicator
),

version as (
    select
        plan_id,
        indicator_code,
        from_period,
        to_period,
        lead_unit_code,
        fixed_denominator,
    from raw.indicator_version
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

owed as (
    select
        submission_id,
        section,
        item_code,
        indicator_code,
        member_code,
    from facts.owed
),

former as (
    select distinct
        line.submission_id,
        line.sheet_name,
        line.row_no,
    from line
    inner join target
        on
            line.plan_id = target.plan_id
            and line.indicator_code = target.indicator_code
            and line.period >= target.to_period
            and line.written_target = target.target_value
),

planned as (
    select
        line.submission_id,
        line.sheet_name,
        line.row_no,
        line.written_name,
        line.written_target,
        line.month_value,
        line.level_value,
        line.numerator,
        line.denominator,
        indicator.indicator_name,
        indicator.kind,
        indicator.unit_of_measure,
        indicator.may_fall,
        indicator.max_ratio_reject,
        indicator.max_ratio_warn,
        version.fixed_denominator,
        unit.unit_name as lead_unit_name,
        case when file.is_placed then owed.submission_id is not null end as is_owed,
        case when line.section = 'report' and indicator.register_scope is null then target.target_value end
            as target_value,
        former.submission_id is not null as is_former_target,
    from line
    inner join file
        on line.submission_id = file.submission_id
    left join indicator
        on
            line.plan_id = indicator.plan_id
            and line.indicator_code = indicator.indicator_code
    left join version
        on
            line.plan_id = version.plan_id
            and line.indicator_code = version.indicator_code
            and line.rules_period >= coalesce(version.from_period, '0000-01')
            and line.rules_period < coalesce(version.to_period, '9999-12')
    left join unit
        on
            version.plan_id = unit.plan_id
            and version.lead_unit_code = unit.unit_code
            and line.rules_period >= coalesce(unit.from_period, '0000-01')
            and line.rules_period < coalesce(unit.to_period, '9999-12')
    left join target
        on
            line.plan_id = target.plan_id
            and line.indicator_code = target.indicator_code
            and line.period >= coalesce(target.from_period, '0000-01')
            and line.period < coalesce(target.to_period, '9999-12')
    left join former
        on
            line.submission_id = former.submission_id
            and line.sheet_name = former.sheet_name
            and line.row_no = former.row_no
    left join owed
        on
            line.submission_id = owed.submission_id
            and line.section = owed.section
            and coalesce(line.indicator_code, line.item_code) = coalesce(owed.indicator_code, owed.item_code)
            and coalesce(line.member_code, '') = coalesce(owed.member_code, '')
),

final as (
    select
        submission_id,
        sheet_name,
        row_no,
        indicator_name is not null as is_known_indicator,
        indicator_name,
        case when indicator_name is not null and written_name is not null then indicator_name = written_name end
            as is_named_right,
        lead_unit_name,
        is_owed,
        kind,
        unit_of_measure,
        may_fall,
        max_ratio_reject,
        max_ratio_warn,
        fixed_denominator,
        coalesce(month_value, level_value, numerator, case when fixed_denominator is null then denominator end)
        is not null as has_number,
        target_value,
        written_target - target_value as target_difference,
        is_former_target and written_target <> target_value as is_former_target,
        cast(month_value as double) / nullif(cast(target_value as double), 0) as increment_share,
        coalesce(
            cast(level_value as double) >= cast(target_value as double)
            or cast(numerator as double) >= cast(target_value as double) * cast(denominator as double),
            false
        ) as is_target_met,
        cast(numerator as double) - cast(max_ratio_reject as double) * cast(denominator as double) as numerator_excess,
        cast(numerator as double) - cast(max_ratio_warn as double) * cast(denominator as double)
            as numerator_excess_warn,
    from planned
)

select * from final
