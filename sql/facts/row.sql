-- comment: 校验用：填报的行
-- purpose: Every line of a readable form as the unit wrote it. Beside it stand, a row each, row_plan, row_history, row_relation and row_register: their columns together are the facts of a row.
-- grain: submission_id, sheet_name, row_no
-- scope: row
-- rules_period: 按哪个月的规则校验：报送期，读不出时为收到的月份
-- section: report 填报，contribution 配合事项，detail 明细
-- has_code: 有没有指标编码（配合事项中有项目编码也算有）
-- written_name: 表内所写的指标名称
-- written_member_name: 表内所写的名录成员名称
-- level_value: 累计数（存量指标为月末数，明细为数量）
-- written_target: 表内年度目标
-- month_value: 本月数
-- cumulative_value: 累计数（存量指标为月末数）
-- month_over_cumulative: 本月数减累计数
-- ratio: 分子除以分母
-- is_zero_of_zero: 分子、分母是否都是 0
-- has_reason: 是否写了更正原因
-- has_words: 是否有文字说明（更正原因、说明、备注、形象进度、存在问题）
-- is_excused: 是否选了数字应当空着的“无数据原因”
-- no_data_reason_label: 选的“无数据原因”；空：没有选
-- explanation: “说明”一列（或退回清单的“说明”）写的话；空：没有写
-- timing: on_time 按时，late 迟报，supplementary 补报
with

judged as (
    select submission_id,
    from facts.judged
),

file as (
    select
        submission_id,
        plan_id,
        unit_code,
        unit_name,
        judged_period as period,
        rules_period,
        timing,
    from facts.file
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
        is_excused,
        no_data_reason_label,
        explanation,
        is_correction,
        correction_reason,
        any_words,
    from facts.line
),

final as (
    select
        line.submission_id,
        file.plan_id,
        file.unit_code,
        file.unit_name,
        file.period,
        file.rules_period,
        file.timing,
        line.sheet_name,
        line.row_no,
        line.section,
        line.item_code,
        line.indicator_code,
        line.member_code,
        coalesce(line.indicator_code, line.item_code) is not null as has_code,
        line.written_name,
        line.written_member_name,
        line.written_target,
        line.month_value,
        line.cumulative_value,
        line.month_value - line.cumulative_value as month_over_cumulative,
        line.member_value,
        line.level_value,
        line.numerator,
        line.denominator,
        cast(line.numerator as double) / nullif(cast(line.denominator as double), 0) as ratio,
        line.numerator = 0 and line.denominator = 0 as is_zero_of_zero,
        line.is_zero_report,
        line.is_correction,
        line.correction_reason,
        line.correction_reason is not null as has_reason,
        line.any_words is not null as has_words,
        line.is_excused,
        line.no_data_reason_label,
        line.explanation,
    from judged
    inner join file
        on judged.submission_id = file.submission_id
    inner join line
        on file.submission_id = line.submission_id
)

select * from final
