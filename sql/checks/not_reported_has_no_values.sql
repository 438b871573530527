-- comment: 指标没有数，当且仅当没有报送；没有报送不等于零
-- requires: an indicator is without values exactly when it was not reported, and absence is never zero
-- level: fail
select
    plan_id,
    period,
    indicator_code,
    status_code,
    actual_value,
    revision_no,
    rests_on_period,
from published.pub_indicator_completion_v1
where
    (status_code = 'NOT_REPORTED' and revision_no is not null)
    or (revision_no is null and status_code not in ('NOT_REPORTED', 'NOT_DONE', 'DONE', 'CLOSED'))
    or (revision_no is null and (status_code in ('DONE', 'CLOSED')) <> (rests_on_period is not null))
    or (
        revision_no is null
        and (
            coalesce(actual_value, completion_ratio, gap_pp) is not null
            or coalesce(month_value, numerator, denominator) is not null
            or submission_id is not null
        )
    )
order by plan_id, period, indicator_code
