-- comment: 牵头单位在已接收文件中报的每个数都已入库
-- requires: every value of an indicator reported in an accepted file has reached the star
-- level: fail
select
    report.submission_id,
    report.indicator_code,
from staging.stg_report as report
inner join star.fct_submission as submission
    on
        report.submission_id = submission.submission_id
        and submission.version_no is not null
left join star.fct_reported_value as loaded
    on
        report.submission_id = loaded.submission_id
        and report.indicator_code = loaded.indicator_code
inner join star.dim_indicator as indicator
    on
        submission.plan_id = indicator.plan_id
        and report.indicator_code = indicator.indicator_code
        and indicator.register_scope is null
where
    report.section = 'report'
    and coalesce(report.month_value, report.cumulative_value, report.numerator) is not null
    and loaded.submission_id is null
order by report.submission_id, report.indicator_code
