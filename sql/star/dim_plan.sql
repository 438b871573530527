-- comment: 维度：工作方案
-- purpose: The plans, one a county and year.
-- grain: plan_id
with

final as (
    select
        plan_id,
        plan_title,
        document_no,
        plan_year,
        county_code,
        county_name,
    from raw.plan
)

select * from final
