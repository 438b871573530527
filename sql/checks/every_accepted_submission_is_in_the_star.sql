-- comment: 已接收的文件都已入库
-- requires: no accepted file is missing from the star
-- level: fail
select
    submission.submission_id,
    submission.unit_code,
    submission.period,
from staging.stg_submission as submission
left join star.fct_submission as loaded
    on
        submission.submission_id = loaded.submission_id
        and loaded.version_no is not null
where
    submission.verdict = 'accepted'
    and loaded.submission_id is null
order by submission.submission_id
