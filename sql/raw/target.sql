-- comment: 指标目标（按版本）
-- purpose: Dated versions of each target in base units. target_value null: the target is a comparison with last year.
-- grain: plan_id, indicator_code, valid_from
create table if not exists raw.target (
    plan_id varchar,
    indicator_code varchar,
    valid_from varchar,
    target_value decimal(24, 6),
    as_written varchar,
    document_no varchar
);
