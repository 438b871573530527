-- comment: 方案勘误台账（每处改动一行）
-- purpose: For BI: what had been published of an indicator in a month and was put right because the plan had been wrong, with what it replaced, why, and by which document.
-- grain: plan_id, period, indicator_code, column_name, known_from
-- nulls: value_before null: the indicator was not there, or nothing was said. value_after null: the same of now.
with

final as (
    select
        plan_id,
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
        known_from,
    from star.fct_erratum
)

select * from final
