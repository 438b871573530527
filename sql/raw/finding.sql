-- comment: 校验发现的问题
-- purpose: One row per fault; sheet_name, found, message and remedy may quote the unit, rule_title and public_sheet_name do not. cell_ref null: the fault concerns the file or a sheet as a whole; about (indicator and column by name) null: no indicator. explained_by: rule and place of the fault it follows from; null: it stands for itself. asks_why: a doubt that wants an explanation; explanation: what the unit says of it, null: nothing.
-- grain: submission_id, finding_no
create table if not exists raw.finding (
    submission_id varchar,
    finding_no integer,
    rule_code varchar,
    severity varchar,
    sheet_name varchar,
    cell_ref varchar,
    found varchar,
    message varchar,
    remedy varchar,
    rule_title varchar,
    public_sheet_name varchar,
    about varchar,
    explained_by varchar,
    asks_why boolean,
    explanation varchar
);
