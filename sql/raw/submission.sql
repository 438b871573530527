-- comment: 收到的文件
-- purpose: One row per file received: same unit, name and bytes is the same submission. unit_code is the folder or account it came through. reading tells whether it could be read as a form. for_unit_code is the unit it speaks for: a successor may send what its predecessor owed. delivery_order sorts the files of one delivery: corrections last, see parsing/deliveries.py.
-- grain: submission_id
create table if not exists raw.submission (
    submission_id varchar,
    plan_id varchar,
    unit_code varchar,
    file_name varchar,
    sha256 varchar,
    byte_count bigint,
    received_at timestamptz,
    reading varchar,
    form_unit varchar,
    form_period varchar,
    period varchar,
    template_version varchar,
    for_unit_code varchar,
    delivery_order varchar
);
