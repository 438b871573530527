-- comment: 信的内容
-- purpose: What a mail says that answers no file of its unit by its kind and the month it is about: opening, numbered points (a JSON list) under their heading, closing; and the workbook it goes out with, below the home, or several files, a line each. A mail may bring several. letter_id is made from what the letter is about, so that it is written once.
-- grain: mail_id, letter_no
-- nulls: workbook null: nothing goes along. letter_id, letter_no, title, period null: written by an earlier version, the only letter of its mail.
create table if not exists raw.letter (
    mail_id varchar,
    opening varchar,
    heading varchar,
    points varchar,
    closing varchar,
    workbook varchar,
    letter_no integer,
    letter_id varchar,
    kind varchar,
    plan_id varchar,
    period varchar,
    title varchar
);
