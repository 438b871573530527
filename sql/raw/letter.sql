-- comment: 信的内容
-- purpose: What a mail says that answers no file of its unit (kinds notice, form): opening, numbered points (a JSON list) under their heading, closing; and the workbook it goes out with, below the home.
-- grain: mail_id
-- nulls: workbook null: nothing goes along.
create table if not exists raw.letter (
    mail_id varchar,
    opening varchar,
    heading varchar,
    points varchar,
    closing varchar,
    workbook varchar
);
