-- comment: 节点计划
-- purpose: Dated nodes agreed with a lead unit: by due_date the cumulative value must have reached node_value.
-- grain: plan_id, indicator_code, due_date, from_period
-- nulls: from_period null: ever since. to_period, the first month no longer served, null: still. document_no null: the plan itself.
create table if not exists raw.node (
    plan_id varchar,
    indicator_code varchar,
    due_date date,
    node_value decimal(24, 6),
    note varchar,
    from_period varchar,
    to_period varchar,
    document_no varchar
);
