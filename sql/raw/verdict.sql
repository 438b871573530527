-- comment: 校验结论
-- purpose: What validation decided, one row per submission judged.
-- grain: submission_id
-- nulls: accepted_at null: not accepted. mail_id null: not answered by mail.
create table if not exists raw.verdict (
    submission_id varchar,
    verdict varchar,
    accepted_at timestamptz,
    reject_count integer,
    warn_count integer,
    note_count integer,
    rules_version varchar,
    mail_id varchar
);
