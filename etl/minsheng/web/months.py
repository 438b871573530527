"""How a unit stands with its months: what it owes, until when, what became of what it sent. Its own, and no other's.

What was judged is read from the publication, as by everybody else; what has come since, from landing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from minsheng.core.clock import county_time
from minsheng.core.codes import SubmissionStatus, Timing
from minsheng.core.errors import DamagedError, UserError
from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.landing import all_receipts, openings
from minsheng.plan.calendar import due_at, freeze_at
from minsheng.plan.county import County
from minsheng.plan.models import Plan
from minsheng.plan.obligations import obligations
from minsheng.publication.revisions import Revision, open_revision, require_current
from minsheng.template.names import workbook_path
from minsheng.warehouse.connection import rows_of
from minsheng.words.display import moment_in_words, month_name

_ONE_DAY = timedelta(days=1)
_ONE_HOUR = timedelta(hours=1)
_PUBLISHED = """
    select plan_id, period, submission_status, timing, first_received_at, accepted_at, due_at
    from pub_submission_status_v1
    where unit_code = $unit_code
"""


@dataclass(frozen=True)
class MonthStanding:
    """One opened month of a unit. ``timing`` null: nothing is accepted yet.

    ``due_at``: the hour that holds for the unit, which may have been given longer.
    """

    plan_id: str
    period: str
    is_required: bool
    due_at: datetime
    freeze_at: datetime
    submission_status: SubmissionStatus
    timing: Timing | None
    first_received_at: datetime | None
    accepted_at: datetime | None

    @property
    def name(self) -> str:
        """``2022年5月``."""
        return month_name(self.period)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is owed for it any more."""
        return self.submission_status == "accepted" or not self.is_required

    def due_words(self, moment: datetime) -> str:
        """When it is due, for who looks at that moment."""
        told = moment_in_words(county_time(self.due_at))
        if self.submission_status == "accepted":
            return f"{told} 截止"
        if self.submission_status == "unsigned":
            return f"{told} 截止，报表已接收，审签人确认以后才计入"
        if moment > self.freeze_at:
            return f"已于 {told} 截止，本月已定稿，现在报送记为补报"
        if moment > self.due_at:
            return f"已于 {told} 截止，已逾期{_span(moment - self.due_at)}，请尽快报送"
        return f"{told} 截止，还有{_span(self.due_at - moment)}"


@dataclass(frozen=True)
class WaitingFile:
    """A file that has come since the last publication."""

    file_name: str
    received_at: datetime


@dataclass(frozen=True)
class Standing:
    """All months of a unit, newest first, and what has come since ``known_at`` (null: nothing is published yet).

    ``to_come`` names the month that is reported now, if it is not open yet.
    """

    months: tuple[MonthStanding, ...]
    known_at: datetime | None
    since: tuple[WaitingFile, ...]
    to_come: str | None

    @property
    def current(self) -> MonthStanding | None:
        """The month to be reported: the newest that is owed, else the newest; null: none is open."""
        return next(iter((*self._owed, *self.months)), None)

    @property
    def owed_before(self) -> tuple[MonthStanding, ...]:
        """The months that are owed besides it, newest first."""
        return self._owed[1:]

    @property
    def _owed(self) -> tuple[MonthStanding, ...]:
        return tuple(month for month in self.months if not month.is_settled)

    def month(self, period: str) -> MonthStanding | None:
        """One of them."""
        return next((month for month in self.months if month.period == period), None)


@dataclass(frozen=True)
class _Published:
    rows: dict[tuple[str, str], dict[str, object]]
    as_of: datetime | None


def standing_of(home: Home, county: County, unit_code: str, moment: datetime) -> Standing:
    """How a unit stands at a moment."""
    published = _published(home, unit_code)
    months = [month for plan in county.plans for month in _months(home, plan, unit_code, published, moment)]
    known_at = published.as_of
    since = tuple(
        WaitingFile(one.file_name, one.received_at)
        for one in all_receipts(home)
        if one.unit_code == unit_code and (known_at is None or one.received_at > known_at)
    )
    return Standing(tuple(reversed(months)), known_at, since, _to_come(months, moment))


def form_path(home: Home, county: County, unit_code: str, month: MonthStanding) -> Path:
    """Where the form lies that a unit was handed out for a month, as it is now; it may not be there."""
    folder = home.templates / month.plan_id / month.period
    return workbook_path(folder, county.plan(month.plan_id), unit_code, month.period)


def _months(home: Home, plan: Plan, unit_code: str, published: _Published, moment: datetime) -> Iterator[MonthStanding]:
    for opening in openings(home, plan.plan_id):
        period = Period.parse(opening.period)
        owed = [duty for duty in obligations(plan, period) if duty.unit_code == unit_code]
        if owed:
            row = published.rows.get((plan.plan_id, opening.period), {})
            due = county_time(row.get("due_at") or due_at(plan, period))  # type: ignore[arg-type]
            untold = "missing" if moment > due else "not_due"
            yield MonthStanding(
                plan.plan_id,
                opening.period,
                any(duty.is_required for duty in owed),
                due,
                freeze_at(plan, period),
                row.get("submission_status", untold),  # type: ignore[arg-type]
                row.get("timing"),  # type: ignore[arg-type]
                row.get("first_received_at"),  # type: ignore[arg-type]
                row.get("accepted_at"),  # type: ignore[arg-type]
            )


def _published(home: Home, unit_code: str) -> _Published:
    revision = _current(home)
    if revision is None:
        return _Published({}, None)
    with open_revision(revision) as connection:
        rows = rows_of(connection, _PUBLISHED, {"unit_code": unit_code})
    return _Published({(row["plan_id"], row["period"]): row for row in rows}, revision.as_of)


def _current(home: Home) -> Revision | None:
    try:
        return require_current(home)
    except DamagedError:
        raise
    except UserError:  # nothing has been published yet
        return None


def _to_come(months: list[MonthStanding], moment: datetime) -> str | None:
    """The month before that of the moment, if others have been opened and it has not."""
    day = county_time(moment)
    last = str(Period(day.year, day.month).previous)
    return None if any(month.period >= last for month in months) else month_name(last)


def _span(span: timedelta) -> str:
    """A time in words, in days or, below two of them, in hours."""
    if span >= 2 * _ONE_DAY:
        return f" {span // _ONE_DAY} 天"
    return f" {span // _ONE_HOUR} 小时" if span >= _ONE_HOUR else "不到 1 小时"
