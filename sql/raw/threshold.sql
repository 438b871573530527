-- comment: 判定阈值
-- purpose: The numbers behind the lights, in percentage points or month numbers; one row per plan.
-- grain: plan_id
create table if not exists raw.threshold (
    plan_id varchar,
    ahead_pp decimal(9, 3),
    green_floor_pp decimal(9, 3),
    red_floor_pp decimal(9, 3),
    rate_yellow_pp decimal(9, 3),
    node_yellow_month integer,
    node_red_month integer
);
