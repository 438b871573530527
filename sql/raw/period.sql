-- comment: 报送期
-- purpose: Opened periods and their due moments.
-- grain: plan_id, period
create table if not exists raw.period (
    plan_id varchar,
    period varchar,
    month_no integer,
    due_at timestamptz,
    freeze_at timestamptz,
    opened_at timestamptz
);
