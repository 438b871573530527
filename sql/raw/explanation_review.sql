-- comment: 对说明的审阅
-- purpose: What the data team has decided of a unit's explanation, the last review of each; from the notes beside the files received (docs/adr/0036). review_code: agreed, or asked again.
-- grain: submission_id, finding_no
create table if not exists raw.explanation_review (
    submission_id varchar,
    finding_no integer,
    review_code varchar,
    reviewed_by varchar,
    reason varchar,
    reviewed_at timestamptz
);
