-- comment: 民生实事项目
-- purpose: The livelihood projects of a plan.
-- grain: plan_id, item_code
create table if not exists raw.item (
    plan_id varchar,
    item_code varchar,
    item_no integer,
    item_name varchar,
    takes_contributions boolean
);
