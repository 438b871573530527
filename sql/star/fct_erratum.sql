-- comment: 事实：方案勘误
-- purpose: What the errata of a plan put right of published months: transactions, one row for each thing said of an indicator in a month. Nothing may be added over them.
-- grain: plan_id, known_from, period, indicator_code, column_name
-- nulls: value_before, value_after null: nothing was said.
with

final as (
    select
        plan_id,
        known_from,
        period,
        indicator_code,
        column_name,
        column_label,
        value_before,
        value_after,
        erratum_code,
        reason,
        document_no,
        decided_on,
    from raw.erratum
)

select * from final
