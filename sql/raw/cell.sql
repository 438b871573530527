-- comment: 读到的单元格
-- purpose: Every input cell read from a form: raw text beside the typed value. number_value null: empty or not a number, reading says which. member_code: the register member of a detail row.
-- grain: submission_id, sheet_name, cell_ref
create table if not exists raw.cell (
    submission_id varchar,
    sheet_name varchar,
    cell_ref varchar,
    row_no integer,
    section varchar,
    item_code varchar,
    indicator_code varchar,
    member_code varchar,
    field varchar,
    raw_text varchar,
    number_value decimal(24, 6),
    text_value varchar,
    reading varchar
);
