-- comment: 工作方案（每县每年一份）
-- fact: dimension
-- purpose: For BI: the plans this publication speaks of; plan_id leads from every table to county and year.
-- grain: plan_id
with

plan as (
    select
        plan_id,
        county_code,
        plan_year,
        plan_title,
        document_no,
    from star.dim_plan
),

county as (
    select
        county_code,
        county_name,
    from star.dim_county
),

final as (
    select
        plan.plan_id,
        plan.county_code,
        plan.plan_year,
        plan.plan_title,
        plan.document_no,
        county.county_name,
    from plan
    inner join county
        on plan.county_code = county.county_code
)

select * from final
