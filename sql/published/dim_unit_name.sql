-- comment: 单位历次名称（不用来连接事实表，那里已写明单位名称）
-- fact: dimension
-- purpose: For BI: what each unit was called from when to when. Not for joining facts to: those name the unit themselves.
-- grain: plan_id, unit_code, valid_from
-- nulls: valid_to null: still in use.
with

final as (
    select
        plan_id,
        unit_code,
        valid_from,
        valid_to,
        unit_name,
        full_name,
    from star.dim_unit
)

select * from final
