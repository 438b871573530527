-- comment: 上年同期累计
-- purpose: Cumulative value of the same months of the year before; a missing row is a missing base, not zero.
-- grain: plan_id, indicator_code, month_no
create table if not exists raw.last_year (
    plan_id varchar,
    indicator_code varchar,
    month_no integer,
    cumulative_value decimal(24, 6)
);
