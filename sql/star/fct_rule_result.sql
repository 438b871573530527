-- comment: 事实：每份文件、每条规则的校验结果
-- purpose: How every rule that applied to a file fared with it, and by which version of the rules.
-- grain: submission_id, rule_code
-- nulls: period null: the file names none.
with

rule_result as (
    select
        submission_id,
        rule_code,
        applied_count,
        fired_count,
        unjudged_count,
    from raw.rule_result
),

submission as (
    select
        submission_id,
        plan_id,
        period,
        unit_code,
        received_at,
        rules_version,
    from staging.stg_submission
),

final as (
    select
        rule_result.submission_id,
        rule_result.rule_code,
        submission.plan_id,
        submission.period,
        submission.unit_code,
        submission.received_at,
        submission.rules_version,
        rule_result.applied_count,
        rule_result.fired_count,
        rule_result.unjudged_count,
        rule_result.fired_count = 0 and rule_result.unjudged_count = 0 as is_passed,
    from rule_result
    left join submission
        on rule_result.submission_id = submission.submission_id
)

select * from final
