-- comment: 维度：县区
-- purpose: Counties with the prefecture and province they belong to, as the latest plan of each says; of two of one year, the one that comes last by its id.
-- grain: county_code
-- nulls: prefecture_name, province_name null: the plan does not say.
with

ordered as (
    select
        county_code,
        county_name,
        prefecture_name,
        province_name,
        row_number() over (
            partition by county_code
            order by plan_year desc, plan_id desc
        ) as recency,
    from raw.plan
),

final as (
    select
        county_code,
        county_name,
        prefecture_name,
        province_name,
    from ordered
    where recency = 1
)

select * from final
