"""Which reports went back and what is still to be done about them, for those who look at a month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from minsheng.core.clock import county_time
from minsheng.warehouse.connection import Connection

_UNANSWERED = """
    with refused as (
        select plan_id, period, unit_code, max_by(submission_id, received_at) as submission_id
        from staging.stg_submission
        where plan_id = $plan_id and verdict = 'rejected' and period is not null
        group by plan_id, period, unit_code
    )

    select
        refused.period, refused.unit_code, submission_id, verdict.mail_id, submission.file_name, submission.received_at,
        list(distinct finding.rule_code || ' ' || finding.rule_title)
    from refused
    inner join raw.submission as submission using (submission_id)
    inner join raw.verdict as verdict using (submission_id)
    inner join raw.finding as finding using (submission_id)
    where
        finding.severity = 'reject'
        and not exists (
            from staging.stg_submission as accepted
            where
                accepted.plan_id = refused.plan_id
                and accepted.period = refused.period
                and accepted.unit_code = refused.unit_code
                and accepted.verdict = 'accepted'
        )
    group by all
    order by refused.period desc, refused.unit_code
"""
# What a unit wants to change of a closed month is refused (rule H27) until somebody reopens the figure. Who declines
# tells the unit, which is written down nowhere: after a month nobody is asked any more.
_SHUT_OUT = """
    with last as (
        select
            plan_id, period, unit_code,
            max_by(submission_id, received_at) as submission_id, max(received_at) as received_at
        from staging.stg_submission
        where plan_id = $plan_id and period is not null and verdict is not null
        group by plan_id, period, unit_code
    )

    select
        last.period, last.unit_code, last.submission_id, last.received_at,
        list(distinct split_part(finding.about, ' · ', 1))
    from last
    inner join staging.stg_month_closed as month using (plan_id, period)
    inner join raw.finding as finding using (submission_id)
    where
        finding.rule_code = 'H27'
        and last.received_at > $as_of - interval 31 days
        and not exists (
            from staging.stg_reopening as reopening
            where
                reopening.plan_id = last.plan_id
                and reopening.period = last.period
                and reopening.unit_code = last.unit_code
                and reopening.reopened_at >= last.received_at
        )
    group by all
    order by last.received_at
"""


@dataclass(frozen=True)
class UnansweredRefusal:
    """A unit whose last file of a month went back, and from which nothing was accepted; ``rules``: codes and titles.

    ``mail_id``: of the letter with which it went back; null: there was none.
    """

    period: str
    unit_code: str
    submission_id: str
    mail_id: str | None
    file_name: str
    received_at: datetime
    rules: tuple[str, ...]


@dataclass(frozen=True)
class ShutOut:
    """A change of a closed month that waits for somebody to reopen its figures; ``figures``: indicators by name."""

    period: str
    unit_code: str
    submission_id: str
    received_at: datetime
    figures: tuple[str, ...]


def unanswered_refusals(connection: Connection, plan_id: str) -> Iterator[UnansweredRefusal]:
    """Those of a plan, the last month first."""
    rows = connection.execute(_UNANSWERED, {"plan_id": plan_id}).fetchall()
    for period, unit_code, submission_id, mail_id, file_name, received_at, rules in rows:
        at, why = county_time(received_at), tuple(sorted(rules))
        yield UnansweredRefusal(period, unit_code, submission_id, mail_id, file_name, at, why)


def shut_out(connection: Connection, plan_id: str, moment: datetime) -> Iterator[ShutOut]:
    """Those of a plan that have come within a month of the moment, the oldest first."""
    rows = connection.execute(_SHUT_OUT, {"plan_id": plan_id, "as_of": moment}).fetchall()
    for period, unit_code, submission_id, received_at, figures in rows:
        yield ShutOut(period, unit_code, submission_id, county_time(received_at), tuple(sorted(filter(None, figures))))
