-- comment: 每条规则的审核结果
-- purpose: One row per submission judged and rule that applied to it: to how many facts, how many broke it, how many could not be judged. A rule that could not be judged was not passed.
-- grain: submission_id, rule_code
create table if not exists raw.rule_result (
    submission_id varchar,
    rule_code varchar,
    applied_count integer,
    fired_count integer,
    unjudged_count integer
);
