-- comment: 工作方案（每县每年一份）
-- fact: dimension
-- purpose: For BI: the plans this publication speaks of; plan_id leads from every table to county and year.
-- grain: plan_id
with

final as (
    select
        plan_id,
        county_code,
        plan_year,
        plan_title,
        document_no,
    from star.dim_plan
)

select * from final
