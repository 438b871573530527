-- comment: 指标更正台账（每次改动一行）
-- fact: transaction
-- adds: 只可计行数
-- purpose: For BI: every value that replaced another, with what it replaced, when and why.
-- grain: plan_id, period, indicator_code, revision_no
-- nulls: a value null: the denominator is null or 0. reason null: none was given (a report sent again before the due hour needs none).
with

history as (
    select
        plan_id,
        period,
        indicator_code,
        revision_no,
        previous_value,
        actual_value,
        change_note,
        is_correction,
        reason,
        known_from,
        submission_id,
    from marts.indicator_history
    where revision_no > 1
),

indicator as (
    select
        plan_id,
        indicator_code,
        indicator_name,
    from star.dim_indicator
),

final as (
    select
        history.plan_id,
        history.period,
        cast(history.period || '-01' as date) as period_start,
        history.indicator_code,
        history.revision_no,
        history.previous_value,
        history.actual_value,
        history.change_note,
        history.is_correction,
        history.reason,
        history.known_from,
        history.submission_id,
        indicator.indicator_name,
    from history
    inner join indicator
        on
            history.plan_id = indicator.plan_id
            and history.indicator_code = indicator.indicator_code
)

select * from final
