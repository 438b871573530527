-- comment: 各阶段处理结果
-- purpose: One row per input of every stage and run, good or bad.
-- grain: run_id, stage, input
create table if not exists raw.outcome (
    run_id varchar,
    stage varchar,
    input varchar,
    result varchar,
    detail varchar,
    item_count bigint,
    code_version varchar,
    as_of timestamptz
);
