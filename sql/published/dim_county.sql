-- comment: 县区（所属市、省）
-- fact: dimension
-- purpose: For BI: the counties this publication speaks of, with the prefecture and province each belongs to.
-- grain: county_code
-- nulls: prefecture_name, province_name null: the plan does not say.
with

final as (
    select
        county_code,
        county_name,
        prefecture_name,
        province_name,
    from star.dim_county
)

select * from final
