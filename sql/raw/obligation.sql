-- comment: 报送任务
-- purpose: Who owes what for a period: what is asked is frozen when it is opened, who answers for it follows the plan's dated leads and mergers. indicator_code null: the obligation is one row for the item as a whole (a contribution or a progress note).
-- grain: plan_id, period, unit_code, role, item_code, indicator_code
create table if not exists raw.obligation (
    plan_id varchar,
    period varchar,
    unit_code varchar,
    role varchar,
    item_code varchar,
    indicator_code varchar,
    is_required boolean,
    due_at timestamptz
);
