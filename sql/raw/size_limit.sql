-- comment: 数量的大小界限
-- purpose: How large or small a number of an indicator may be before it must be a slip. exists_basis null: nothing in the county bounds it. exists_value null beside a basis: not known, nothing may be judged against it.
-- grain: plan_id, indicator_code
create table if not exists raw.size_limit (
    plan_id varchar,
    indicator_code varchar,
    most_of_target decimal(24, 6),
    least_of_target decimal(24, 6),
    most_of_history decimal(24, 6),
    history_from decimal(24, 6),
    exists_value decimal(24, 6),
    exists_basis varchar
);
