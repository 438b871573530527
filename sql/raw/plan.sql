-- comment: 工作方案
-- purpose: One row per plan known to this home; written from the plan folder by stage open.
-- grain: plan_id
-- nulls: signed_from null: reports count without a second person's signature.
create table if not exists raw.plan (
    plan_id varchar,
    plan_title varchar,
    document_no varchar,
    issuer varchar,
    plan_year integer,
    county_code varchar,
    county_name varchar,
    timezone varchar,
    plan_sha256 varchar,
    prefecture_name varchar,
    province_name varchar,
    signed_from varchar
);
