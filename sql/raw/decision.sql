-- comment: 人工决定
-- purpose: What people have decided of a plan's rules and months: dated, with who and why. rule_code null: of a month; unit_code null: of every unit; until_at null: without end. submission_id: of a report that was signed, null: of none. None is changed; its opposite is a row of its own.
-- grain: plan_id, decision_no
create table if not exists raw.decision (
    plan_id varchar,
    decision_no integer,
    kind varchar,
    decided_at timestamptz,
    decided_by varchar,
    reason varchar,
    document_no varchar,
    rule_code varchar,
    period varchar,
    unit_code varchar,
    until_at timestamptz,
    indicator_code varchar,
    submission_id varchar
);
