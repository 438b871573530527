-- comment: 通知邮件的正文
-- purpose: What a mail of kind notice says: one that answers no file of its unit, but tells it of something that came from others.
-- grain: mail_id
create table if not exists raw.notice (
    mail_id varchar,
    body varchar
);
