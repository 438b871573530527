-- comment: 上年同期累计
-- purpose: Cumulative value of the same months of the year before; a missing row is a missing base, not zero.
-- grain: plan_id, indicator_code, month_no, from_period
-- nulls: from_period null: ever since. to_period, the first month no longer served, null: still. document_no null: the plan itself.
create table if not exists raw.last_year (
    plan_id varchar,
    indicator_code varchar,
    month_no integer,
    cumulative_value decimal(24, 6),
    from_period varchar,
    to_period varchar,
    document_no varchar
);
