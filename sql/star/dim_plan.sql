-- comment: 维度：工作方案
-- purpose: Plans with the thresholds their lights change at.
-- grain: plan_id
-- units: _pp columns are percentage points, _month columns month numbers.
with

plan as (
    select
        plan_id,
        plan_title,
        document_no,
        plan_year,
        county_code,
        county_name,
    from raw.plan
),

threshold as (
    select
        plan_id,
        ahead_pp,
        green_floor_pp,
        red_floor_pp,
        rate_yellow_pp,
        node_yellow_month,
        node_red_month,
    from raw.threshold
),

final as (
    select
        plan.plan_id,
        plan.plan_title,
        plan.document_no,
        plan.plan_year,
        plan.county_code,
        plan.county_name,
        threshold.ahead_pp,
        threshold.green_floor_pp,
        threshold.red_floor_pp,
        threshold.rate_yellow_pp,
        threshold.node_yellow_month,
        threshold.node_red_month,
    from plan
    left join threshold
        on plan.plan_id = threshold.plan_id
)

select * from final
