-- comment: 名录
-- purpose: Registers of places. is_known false: the county has not given the members, nothing may be judged against it.
-- nulls: known_from, the first month it is known in, null: ever since (is_known) or never.
-- grain: plan_id, register_code
create table if not exists raw.register (
    plan_id varchar,
    register_code varchar,
    register_name varchar,
    is_known boolean,
    as_of_date date,
    known_from varchar
);
