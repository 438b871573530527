-- comment: 构建时点
-- purpose: The moment the marts speak of, set by stage build: what is due and what is missing is judged by it.
-- grain: plan_id
-- nulls: plan_sha256, the edition of the plan they were built by, null: built by an earlier version. content, a digest of what the rows of the plan were made from, null: the same.
create table if not exists raw.as_of (
    plan_id varchar,
    as_of timestamptz,
    plan_sha256 varchar,
    content varchar
);
