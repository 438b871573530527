-- comment: 每份已退回的文件至少有一处须改正的问题
-- requires: a rejected file has at least one finding of severity reject
-- level: fail
select
    submission.submission_id,
    submission.unit_code,
    submission.period,
from star.fct_submission as submission
left join star.fct_finding as finding
    on
        submission.submission_id = finding.submission_id
        and finding.severity = 'reject'
where
    submission.verdict = 'rejected'
    and finding.submission_id is null
order by submission.submission_id
