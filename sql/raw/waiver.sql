-- comment: 规则豁免
-- purpose: Which rule a unit is excused from, for which indicator and months, why, and until when; what the plan folder says now. indicator_code null: every indicator of the unit.
-- grain: plan_id, rule_code, unit_code, indicator_code, valid_from
create table if not exists raw.waiver (
    plan_id varchar,
    rule_code varchar,
    unit_code varchar,
    indicator_code varchar,
    valid_from varchar,
    valid_to varchar,
    reason varchar,
    document_no varchar,
    decided_on date,
    expires_on date
);
