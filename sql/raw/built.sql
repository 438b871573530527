-- comment: 统计结果所依据的报送文件
-- purpose: The submissions the marts were last built from; whatever is judged and not published yet is found by it, however a run ended.
-- grain: plan_id, submission_id
create table if not exists raw.built (
    plan_id varchar,
    submission_id varchar,
    is_published boolean
);
