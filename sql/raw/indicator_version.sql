-- comment: 指标的规定（按版本）
-- purpose: What of an indicator may change in the course of the year, in dated versions: who leads, by when, and what it is judged by.
-- grain: plan_id, indicator_code, from_period
-- nulls: from_period null: ever since. to_period, the first month no longer served, null: still. document_no null: the plan itself. fixed_denominator, base_value, member_target null: the plan names none or the county has not given it.
create table if not exists raw.indicator_version (
    plan_id varchar,
    indicator_code varchar,
    from_period varchar,
    to_period varchar,
    document_no varchar,
    lead_unit_code varchar,
    member_target decimal(24, 6),
    fixed_denominator decimal(24, 6),
    base_value decimal(24, 6),
    deadline_date date
);
