-- comment: 指标
-- purpose: The indicators of a plan. fixed_denominator, base_value, register_code: null means the plan names none or the county has not given it.
-- grain: plan_id, indicator_code
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
    lead_unit_code varchar,
    register_code varchar,
    register_scope varchar,
    member_target decimal(24, 6),
    is_month_ratio boolean,
    takes_contributions boolean,
    may_fall boolean,
    max_ratio_reject decimal(24, 6),
    max_ratio_warn decimal(24, 6),
    fixed_denominator decimal(24, 6),
    base_value decimal(24, 6),
    deadline_date date,
    provincial_task_code varchar
);
