-- comment: 待发与已发邮件
-- purpose: The outbox: one row per mail, written in the transaction of the verdicts it reports, or that gave cause for it (what it says then is in raw.letter).
-- grain: mail_id
-- nulls: sent_at null: no server has taken it yet, as far as is known. period null: the files answered name no month that can be read, or it was written by an earlier version. refused_at null: not refused for good. refusal_reason null: nothing was refused, or the mail has been taken for every address.
create table if not exists raw.mail (
    mail_id varchar,
    plan_id varchar,
    unit_code varchar,
    kind varchar,
    subject varchar,
    queued_at timestamptz,
    sent_at timestamptz,
    refused_at timestamptz,
    refusal_reason varchar,
    period varchar
);
