-- comment: 指标之间的关系
-- purpose: What must hold between indicators of a plan, one row per pair.
-- grain: plan_id, indicator_code, relation_type, other_indicator_code
create table if not exists raw.relation (
    plan_id varchar,
    indicator_code varchar,
    relation_type varchar,
    other_indicator_code varchar,
    severity varchar
);
