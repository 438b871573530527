-- comment: 维度：县区
-- purpose: Counties with the prefecture and province they belong to, as the latest plan of each says.
-- grain: county_code
-- nulls: prefecture_name, province_name null: the plan does not say.
with

latest as (
    select
        county_code,
        max(plan_year) as plan_year,
    from raw.plan
    group by county_code
),

final as (
    select
        plan.county_code,
        plan.county_name,
        plan.prefecture_name,
        plan.province_name,
    from raw.plan as plan
    inner join latest
        on plan.county_code = latest.county_code and plan.plan_year = latest.plan_year
)

select * from final
