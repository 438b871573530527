-- comment: 节点计划
-- purpose: Dated nodes agreed with a lead unit: by due_date the cumulative value must have reached node_value.
-- grain: plan_id, indicator_code, due_date
create table if not exists raw.node (
    plan_id varchar,
    indicator_code varchar,
    due_date date,
    node_value decimal(24, 6),
    note varchar
);
