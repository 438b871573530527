-- comment: 校验用：这一行与其他行
-- purpose: Every line beside the lines it is tied to: by a relation of the plan to others of the same table, and to what supporting units contributed.
-- grain: submission_id, sheet_name, row_no
-- scope: row
-- whole_code: 本指标是其中项时，总项的编码
-- whole_month: 总项本月数；空：总项是冲减的负数，不比较
-- whole_cumulative: 总项累计数
-- partner_denominator: 应有相同分母的指标的分母
-- level_code: 分母应等于其数值的指标
-- level_required: 该指标的数值
-- supporter_total: 支撑指标的累计数之和
-- required_value: 同一名录成员在前提指标中的数量
-- twin_cumulative: 并列指标的累计数
-- twin_share: 与并列指标累计数之差，占两者较大者的比例
-- contributor_count: 到这个月为止报过本指标完成数的配合单位有几个
-- contributed_total: 这些单位最近一次累计数之和；空：没有配合单位报过
-- contribution_excess: contributed_total 减累计数
with

line as (
    select
        submission_id,
        sheet_name,
        row_no,
        plan_id,
        section,
        indicator_code,
        member_code,
        month_value,
        cumulative_value,
        level_value,
        denominator,
    from facts.row
),

relation as (
    select
        plan_id,
        indicator_code,
        relation_type,
        other_indicator_code,
    from raw.relation
),

contributed as (
    select
        submission_id,
        sheet_name,
        row_no,
        contributor_count,
        contributed_total,
    from facts.contributed
),

pair as (
    select
        line.submission_id,
        line.sheet_name,
        line.row_no,
        line.denominator,
        relation.relation_type,
        relation.other_indicator_code,
        other.month_value as other_month,
        other.cumulative_value as other_cumulative,
        other.level_value as other_level,
        other.denominator as other_denominator,
    from line
    inner join relation
        on
            line.plan_id = relation.plan_id
            and line.indicator_code = relation.indicator_code
    inner join line as other
        on
            line.submission_id = other.submission_id
            and line.sheet_name = other.sheet_name
            and line.section = other.section
            and relation.other_indicator_code = other.indicator_code
            and coalesce(line.member_code, '') = coalesce(other.member_code, '')
),

related as (
    select
        submission_id,
        sheet_name,
        row_no,
        max(case when relation_type = 'subset_of' then other_indicator_code end) as whole_code,
        max(case when relation_type = 'subset_of' and other_month >= 0 then other_month end) as whole_month,
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

final as (
    select
        line.submission_id,
        line.sheet_name,
        line.row_no,
        related.whole_code,
        related.whole_month,
        related.whole_cumulative,
        related.partner_denominator,
        related.level_code,
        related.level_required,
        related.supporter_total,
        related.required_value,
        related.twin_cumulative,
        abs(cast(line.cumulative_value - related.twin_cumulative as double))
        / nullif(cast(greatest(line.cumulative_value, related.twin_cumulative) as double), 0) as twin_share,
        contributed.contributor_count,
        contributed.contributed_total,
        contributed.contributed_total - line.cumulative_value as contribution_excess,
    from line
    left join related
        on
            line.submission_id = related.submission_id
            and line.sheet_name = related.sheet_name
            and line.row_no = related.row_no
    left join contributed
        on
            line.submission_id = contributed.submission_id
            and line.sheet_name = contributed.sheet_name
            and line.row_no = contributed.row_no
)

select * from final
