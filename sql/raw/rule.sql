-- comment: 校验规则
-- purpose: The rules as they were when a file was last judged by them; written with the verdicts.
-- grain: rule_code
create table if not exists raw.rule (
    rule_code varchar,
    rule_title varchar,
    severity varchar,
    scope varchar,
    remedy varchar
);
