-- comment: 指标数值历史（每个版本一行：何时起止为现行数，何时起为读者所见）
-- fact: transaction
-- adds: 只可计行数
-- purpose: For BI: every version of every value, with the span in which it was the known one, and when readers were first shown it.
-- grain: plan_id, period, indicator_code, revision_no
-- nulls: known_to null: current. actual_value null: the denominator is null or 0. reason null: none was given. published_from null: no reader had been shown it when this revision was made.
with

history as (
    select
        plan_id,
        period,
        indicator_code,
        revision_no,
        actual_value,
        known_from,
        known_to,
        submission_id,
        reason,
    from marts.indicator_history
),

indicator as (
    select
        plan_id,
        indicator_code,
        indicator_name,
    from star.dim_indicator
),

shown as (
    select
        submission_id,
        published_from,
    from raw.shown
),

final as (
    select
        history.plan_id,
        history.period,
        cast(history.period || '-01' as date) as period_start,
        history.indicator_code,
        history.revision_no,
        history.actual_value,
        history.known_from,
        history.known_to,
        history.submission_id,
        history.reason,
        shown.published_from,
        indicator.indicator_name,
    from history
    inner join indicator
        on
            history.plan_id = indicator.plan_id
            and history.indicator_code = indicator.indicator_code
    left join shown
        on history.submission_id = shown.submission_id
)

select * from final
