-- comment: 单位已接收，当且仅当它有已接收的版本和接收时间；只有这时才知道是按时还是迟报；定稿以后补来的算漏报
-- requires: a unit is accepted exactly when it has an accepted version and a moment of acceptance, and how it came is known only then; what was supplied after the freeze was missed
-- level: fail
select
    plan_id,
    period,
    unit_code,
    submission_status,
    accepted_at,
    revision_count,
from published.pub_submission_status_v1 as submission
where
    (submission_status = 'accepted') <> (accepted_at is not null)
    or (submission_status = 'accepted') <> (revision_count > 0)
    or (submission_status = 'accepted') <> (is_late is not null)
    or (submission_status = 'accepted') <> (timing is not null)
    or is_late <> (timing <> 'on_time')
    or (is_missed and timing in ('on_time', 'late'))
    or (
        is_required
        and timing = 'supplementary'
        and not is_missed
        -- what we opened after its freeze was missed by nobody
        and not exists (
            select 1
            from star.dim_period as month
            where
                month.plan_id = submission.plan_id
                and month.period = submission.period
                and month.is_opened_after_freeze
        )
    )
    or (submission_status in ('missing', 'not_due')) <> (first_received_at is null)
order by plan_id, period, unit_code
