-- comment: 校验用：有效的豁免
-- purpose: The waivers that hold for a file: its unit, its month, and received between the days the waiver was decided and expires. A later one does not change what was decided before it.
-- grain: submission_id, rule_code, indicator_code, expires_on, document_no
-- nulls: indicator_code null: every indicator of the unit.
with

submission as (
    select
        submission_id,
        plan_id,
        unit_code,
        period,
        cast(received_at as date) as received_on,
    from raw.submission
),

waiver as (
    select
        plan_id,
        rule_code,
        unit_code,
        indicator_code,
        valid_from,
        valid_to,
        reason,
        document_no,
        decided_on,
        expires_on,
    from raw.waiver
),

final as (
    select
        submission.submission_id,
        waiver.rule_code,
        waiver.indicator_code,
        waiver.reason,
        waiver.document_no,
        waiver.expires_on,
    from submission
    inner join waiver
        on
            submission.plan_id = waiver.plan_id
            and submission.unit_code = waiver.unit_code
            and submission.period between waiver.valid_from and waiver.valid_to
            and submission.received_on between waiver.decided_on and waiver.expires_on
)

select * from final
