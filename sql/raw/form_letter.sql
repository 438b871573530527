-- comment: 换发报表的信
-- purpose: Which workbook a letter of kind form goes out with, what that says, and what the one before said, as JSON.
-- grain: mail_id
create table if not exists raw.form_letter (
    mail_id varchar,
    plan_id varchar,
    period varchar,
    unit_code varchar,
    former_content varchar,
    content varchar
);
