-- comment: 每处问题都属于一份收到的文件
-- requires: every finding belongs to a file that was received
-- level: fail
select
    finding.submission_id,
    finding.finding_no,
    finding.rule_code,
from star.fct_finding as finding
left join star.fct_submission as submission
    on finding.submission_id = submission.submission_id
where submission.submission_id is null
order by finding.submission_id, finding.finding_no
