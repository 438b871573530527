-- comment: 发布记录
-- purpose: What the log of the publication tells of every revision and the spans in which readers were on it, written by stage publish for the revision it is about to make.
-- grain: county_code, span_no
create table if not exists raw.publication (
    county_code varchar,
    span_no integer,
    revision varchar,
    content_hash varchar,
    in_force_from timestamptz,
    in_force_to timestamptz,
    change_code varchar,
    reason varchar,
    published_at timestamptz,
    frozen_periods varchar
);
