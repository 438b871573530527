-- comment: 发布的问题只用我们自己的话说明违反了哪条规则、在哪里
-- requires: a published finding says which rule is broken and where, in our words alone
-- level: fail
select
    published.submission_id,
    published.finding_no,
    published.rule_code,
from published.pub_finding_v1 as published
left join star.fct_finding as finding
    on
        published.submission_id = finding.submission_id
        and published.finding_no = finding.finding_no
where
    published.message is distinct from coalesce(finding.rule_title, '见规则 ' || finding.rule_code)
    or published.sheet_name is distinct from finding.public_sheet_name
order by published.submission_id, published.finding_no
