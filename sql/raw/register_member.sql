-- comment: 名录成员
-- purpose: Members of a known register.
-- grain: plan_id, register_code, member_code
create table if not exists raw.register_member (
    plan_id varchar,
    register_code varchar,
    member_code varchar,
    member_name varchar
);
