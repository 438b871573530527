-- comment: 开启时的报送任务
-- purpose: What was asked of whom when a period was opened. Never changes; who owes it by the plan as it stands now is in raw.obligation.
-- grain: plan_id, period, unit_code, role, item_code, indicator_code
create table if not exists raw.obligation_at_opening (
    plan_id varchar,
    period varchar,
    unit_code varchar,
    role varchar,
    item_code varchar,
    indicator_code varchar,
    is_required boolean
);
