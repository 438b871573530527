-- comment: 方案勘误
-- purpose: What the errata of a plan put right of published months, one row for each thing said; from the notes of its editions.
-- grain: plan_id, known_from, period, indicator_code, column_name
-- nulls: value_before, value_after null: nothing was said.
create table if not exists raw.erratum (
    plan_id varchar,
    known_from timestamptz,
    period varchar,
    indicator_code varchar,
    column_name varchar,
    column_label varchar,
    value_before varchar,
    value_after varchar,
    erratum_code varchar,
    reason varchar,
    document_no varchar,
    decided_on date
);
