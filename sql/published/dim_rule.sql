-- comment: 校验规则（含已经取消、发布的问题仍提到的）
-- fact: dimension
-- purpose: For BI: the rules files are judged by, and those of before that a published fault names.
-- grain: rule_code
-- nulls: severity, scope null: the rule is no longer there.
with

final as (
    select
        rule_code,
        rule_title,
        severity,
        scope,
        is_in_use,
    from star.dim_rule
)

select * from final
