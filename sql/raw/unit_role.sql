-- comment: 单位在项目中的分工
-- purpose: Which unit leads or supports which item.
-- grain: plan_id, item_code, unit_code
create table if not exists raw.unit_role (
    plan_id varchar,
    item_code varchar,
    unit_code varchar,
    role varchar
);
