-- comment: 责任单位
-- purpose: Units with the span in which they exist; valid_to null: still valid.
-- grain: plan_id, unit_code, valid_from
-- nulls: successor_unit_code null: nobody has taken over what it owed.
create table if not exists raw.unit (
    plan_id varchar,
    unit_code varchar,
    unit_name varchar,
    full_name varchar,
    unit_type varchar,
    valid_from date,
    valid_to date,
    successor_unit_code varchar
);
