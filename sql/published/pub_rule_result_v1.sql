-- comment: 规则校验结果（每期每条规则；哪个单位违反的，见 pub_data_quality_v1）
-- fact: snapshot
-- adds: 适用、触发、未能判断的处数可跨规则、月份相加；文件数不可跨规则相加
-- purpose: For BI: how often each rule applied to the files of a month, was broken, or could not be judged. Which unit broke it is in pub_data_quality_v1.
-- grain: plan_id, period_key, rule_code
-- nulls: period, period_start null: of files that name no opened month.
with

rule_result as (
    select
        plan_id,
        period,
        rule_code,
        applied_count,
        fired_count,
        unjudged_count,
    from star.fct_rule_result
),

opened as (
    select
        plan_id,
        period,
        period_start,
    from marts.period_status
),

rule as (
    select
        rule_code,
        rule_title,
        severity,
    from star.dim_rule
),

final as (
    select
        rule_result.plan_id,
        opened.period,
        opened.period_start,
        rule_result.rule_code,
        rule.rule_title,
        rule.severity,
        count(*) as file_count,
        count(case when rule_result.fired_count > 0 then 1 end) as fired_file_count,
        cast(sum(rule_result.applied_count) as integer) as applied_count,
        cast(sum(rule_result.fired_count) as integer) as fired_count,
        cast(sum(rule_result.unjudged_count) as integer) as unjudged_count,
        coalesce(opened.period, '0000-00') as period_key,
    from rule_result
    left join opened
        on
            rule_result.plan_id = opened.plan_id
            and rule_result.period = opened.period
    left join rule
        on rule_result.rule_code = rule.rule_code
    group by
        rule_result.plan_id,
        opened.period,
        opened.period_start,
        rule_result.rule_code,
        rule.rule_title,
        rule.severity
)

select * from final
