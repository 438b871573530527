-- comment: 维度：责任单位
-- purpose: Units with the span in which they exist under a name.
-- grain: plan_id, unit_code, valid_from
-- nulls: valid_to null: still valid. successor_unit_code null: nobody has taken over what it owed.
with

final as (
    select
        plan_id,
        unit_code,
        valid_from,
        valid_to,
        unit_name,
        full_name,
        unit_type,
        successor_unit_code,
    from raw.unit
)

select * from final
