-- comment: 校验用：已接收的数据
-- purpose: What stands for an indicator's month: its lines in the last accepted file that has any, whichever unit sent it; of contributions each unit's own.
-- grain: plan_id, period, section, indicator_code, member_code, contributor_code
-- nulls: member_code null: not a line of 明细.
with

standing as (
    select
        plan_id,
        period,
        section,
        indicator_code,
        contributor_code,
        unit_code,
        submission_id,
    from facts.standing
),

line as (
    select
        submission_id,
        section,
        indicator_code,
        member_code,
        month_value,
        cumulative_value,
        numerator,
        denominator,
        level_value,
        is_correction,
    from facts.line
    where indicator_code is not null
),

final as (
    select
        standing.plan_id,
        standing.unit_code,
        standing.period,
        standing.section,
        standing.indicator_code,
        standing.contributor_code,
        line.member_code,
        max(line.month_value) as month_value,
        max(line.cumulative_value) as cumulative_value,
        max(line.numerator) as numerator,
        max(line.denominator) as denominator,
        max(line.level_value) as level_value,
        bool_or(line.is_correction) as is_correction,
    from standing
    inner join line
        on
            standing.submission_id = line.submission_id
            and standing.section = line.section
            and standing.indicator_code = line.indicator_code
    group by
        standing.plan_id,
        standing.unit_code,
        standing.period,
        standing.section,
        standing.indicator_code,
        standing.contributor_code,
        line.member_code
)

select * from final
