-- comment: 维度：校验规则
-- purpose: Every rule there is, and every other one that a file was judged by before.
-- grain: rule_code
-- nulls: severity, scope null: the rule is no longer there.
with

rule as (
    select
        rule_code,
        rule_title,
        severity,
        scope,
    from raw.rule
),

used as (
    select
        rule_code,
        rule_title,
    from star.fct_finding
    union all
    select
        rule_code,
        cast(null as varchar) as rule_title,
    from star.fct_rule_result
),

known as (
    select
        used.rule_code,
        max(used.rule_title) as rule_title,
    from used
    where used.rule_code is not null
    group by used.rule_code
),

final as (
    select
        coalesce(rule.rule_code, known.rule_code) as rule_code,
        coalesce(rule.rule_title, known.rule_title, '规则 ' || known.rule_code) as rule_title,
        rule.severity,
        rule.scope,
        rule.rule_code is not null as is_in_use,
    from rule
    full outer join known
        on rule.rule_code = known.rule_code
)

select * from final
