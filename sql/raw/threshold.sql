-- comment: 判定阈值
-- purpose: The numbers behind the lights, in percentage points or month numbers; one row per plan.
-- grain: plan_id, from_period
-- nulls: from_period null: ever since. to_period, the first month no longer served, null: still. document_no null: the plan itself.
create table if not exists raw.threshold (
    plan_id varchar,
    ahead_pp decimal(9, 3),
    green_floor_pp decimal(9, 3),
    red_floor_pp decimal(9, 3),
    rate_yellow_pp decimal(9, 3),
    node_yellow_month integer,
    node_red_month integer,
    from_period varchar,
    to_period varchar,
    document_no varchar
);
