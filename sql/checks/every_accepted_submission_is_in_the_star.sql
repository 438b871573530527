-- comment: 计入的文件都已入库
-- requires: no file that counts, accepted and signed where it has to be, is missing from the star
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
    submission.counted_at is not null
    and loaded.submission_id is null
order by submission.submission_id
