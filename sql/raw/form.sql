-- comment: 下发的报表
-- purpose: What the workbook a unit has been handed for a month says beforehand (targets, last month's totals, registers), as JSON.
-- grain: plan_id, period, unit_code
create table if not exists raw.form (
    plan_id varchar,
    period varchar,
    unit_code varchar,
    content varchar,
    made_at timestamptz
);
