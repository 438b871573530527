-- comment: 收到的文件
-- purpose: One row per file received: same unit, name and bytes is the same submission. unit_code is the folder or account it came through. reading tells whether it could be read as a form.
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
    template_version varchar
);
