-- comment: 维度：指标目标（按版本）
-- purpose: Dated versions of each target. The first version also serves the periods before it.
-- grain: plan_id, indicator_code, target_version_no
-- nulls: from_period null: since ever. to_period null: in force. target_value null: the target is a comparison with last year.
-- units: target_value is in base units; rates are 0 to 1. to_period is the first period no longer served.
with

target as (
    select
        plan_id,
        indicator_code,
        target_version_no,
        from_period,
        to_period,
        target_value,
        as_written,
        document_no,
    from staging.stg_target
),

final as (
    select
        plan_id,
        indicator_code,
        target_version_no,
        from_period,
        to_period,
        target_value,
        as_written,
        document_no,
    from target
)

select * from final
