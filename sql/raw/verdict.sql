-- comment: 校验结论
-- purpose: What validation decided, one row per submission judged. accepted_at null: not accepted.
-- grain: submission_id
create table if not exists raw.verdict (
    submission_id varchar,
    verdict varchar,
    accepted_at timestamptz,
    reject_count integer,
    warn_count integer,
    note_count integer,
    rules_version varchar
);
