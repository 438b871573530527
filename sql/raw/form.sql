-- comment: 下发的报表
-- purpose: What the workbook a unit has been handed for a month says beforehand (targets, last month's totals, registers), as JSON; and, where it was made again, what the one before said and the mail it went out with.
-- grain: plan_id, period, unit_code
-- nulls: former_content, mail_id null: never made again.
create table if not exists raw.form (
    plan_id varchar,
    period varchar,
    unit_code varchar,
    content varchar,
    former_content varchar,
    mail_id varchar,
    made_at timestamptz
);
