-- comment: 星型表依据
-- purpose: From what the star rows of each plan were made last, as a digest of its raw rows and the SQL: equal, and they need not be made again.
-- grain: plan_id
-- nulls: plan_id null: built by an earlier version, for all plans at once.
create table if not exists raw.star_built (
    plan_id varchar,
    content varchar
);
