-- comment: 指标
-- purpose: The indicators of a plan. register_code null: the plan names none.
-- grain: plan_id, indicator_code
-- nulls: definition null: written by an earlier version.
create table if not exists raw.indicator (
    plan_id varchar,
    indicator_code varchar,
    item_code varchar,
    indicator_no integer,
    indicator_name varchar,
    kind varchar,
    comparator varchar,
    polarity varchar,
    unit_of_measure varchar,
    value_type varchar,
    progress_basis varchar,
    register_code varchar,
    register_scope varchar,
    is_month_ratio boolean,
    takes_contributions boolean,
    may_fall boolean,
    max_ratio_reject decimal(24, 6),
    max_ratio_warn decimal(24, 6),
    provincial_task_code varchar,
    definition varchar
);
