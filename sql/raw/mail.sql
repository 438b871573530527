-- comment: 待发与已发邮件
-- purpose: The outbox: one row per mail, written in the transaction of the verdict it reports.
-- grain: mail_id
create table if not exists raw.mail (
    mail_id varchar,
    plan_id varchar,
    unit_code varchar,
    kind varchar,
    subject varchar,
    queued_at timestamptz
);
