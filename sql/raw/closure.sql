-- comment: 销号
-- purpose: Which indicator the supervising office has closed, when, and on what evidence; what the plan folder says.
-- grain: plan_id, indicator_code
create table if not exists raw.closure (
    plan_id varchar,
    indicator_code varchar,
    closed_on date,
    office varchar,
    document_no varchar,
    evidence varchar
);
