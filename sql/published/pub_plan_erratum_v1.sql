-- comment: 方案勘误台账（每处改动一行）
-- fact: transaction
-- adds: 只可计行数
-- purpose: For BI: what had been published of an indicator in a month and was put right because the plan had been wrong, with what it replaced, why, and by which document.
-- grain: plan_id, period, indicator_code, column_name, known_from
-- nulls: value_before null: the indicator was not there, or nothing was said. value_after null: the same of now.
with

erratum as (
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
        erratum.plan_id,
        erratum.period,
        cast(erratum.period || '-01' as date) as period_start,
        erratum.indicator_code,
        erratum.column_name,
        erratum.column_label,
        erratum.value_before,
        erratum.value_after,
        erratum.erratum_code,
        erratum.reason,
        erratum.document_no,
        erratum.decided_on,
        erratum.known_from,
        indicator.indicator_name,
    from erratum
    left join indicator
        on
            erratum.plan_id = indicator.plan_id
            and erratum.indicator_code = indicator.indicator_code
)

select * from final
