-- comment: 维度：判定阈值（按版本）
-- purpose: Where the lights of a plan change, in dated versions.
-- grain: plan_id, threshold_version_no
-- nulls: from_period null: ever since. to_period null: still. document_no null: the plan itself.
-- units: _pp columns are percentage points, _month columns month numbers. to_period is the first period no longer served.
with

final as (
    select
        plan_id,
        row_number() over (partition by plan_id order by from_period nulls first) as threshold_version_no,
        from_period,
        to_period,
        document_no,
        ahead_pp,
        green_floor_pp,
        red_floor_pp,
        rate_yellow_pp,
        node_yellow_month,
        node_red_month,
    from raw.threshold
)

select * from final
