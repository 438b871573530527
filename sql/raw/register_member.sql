-- comment: 名录成员
-- purpose: Members of a known register.
-- grain: plan_id, register_code, member_code
-- nulls: from_period null: ever since. to_period, the first month no longer served, null: still.
create table if not exists raw.register_member (
    plan_id varchar,
    register_code varchar,
    member_code varchar,
    member_name varchar,
    from_period varchar,
    to_period varchar,
    document_no varchar
);
