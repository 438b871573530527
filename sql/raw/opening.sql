-- comment: 期初数
-- purpose: What had been reached in the last month before a county began in the course of the year; later months are compared with it until one is accepted.
-- grain: plan_id, section, indicator_code, contributor_code, member_code
-- nulls: member_code null: not of a place of a register. level_value null: a ratio; numerator, denominator null: no ratio.
create table if not exists raw.opening (
    plan_id varchar,
    period varchar,
    section varchar,
    indicator_code varchar,
    contributor_code varchar,
    member_code varchar,
    level_value decimal(24, 6),
    numerator decimal(24, 6),
    denominator decimal(24, 6),
    basis varchar
);
