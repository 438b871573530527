-- comment: 目标版本的适用时段
-- purpose: Dated versions of each target. The first version also serves the periods before it.
-- grain: plan_id, indicator_code, target_version_no
-- nulls: from_period null: since ever. to_period null: in force. target_value null: the target is a comparison with last year.
with

target as (
    select
        plan_id,
        indicator_code,
        valid_from,
        target_value,
        as_written,
        document_no,
        row_number() over (partition by plan_id, indicator_code order by valid_from) as target_version_no,
        lead(valid_from) over (partition by plan_id, indicator_code order by valid_from) as next_valid_from,
    from raw.target
),

final as (
    select
        plan_id,
        indicator_code,
        target_version_no,
        case when target_version_no > 1 then valid_from end as from_period,
        next_valid_from as to_period,
        target_value,
        as_written,
        document_no,
    from target
)

select * from final
