"""The month's board: how a county's months stand, who was sent back and why, what waits, and what needs a person.

Read from the warehouse and the folders; the terminal and the page draw the same board.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from minsheng.core.clock import county_time
from minsheng.core.codes import MailState, SubmissionStatus
from minsheng.mail.folders import STATES, mails
from minsheng.mail.months import OpenMonth, UnitMonth, opened_months
from minsheng.mail.senders import unit_name
from minsheng.plan.run import Run
from minsheng.publication.log import entries
from minsheng.publication.revisions import current
from minsheng.publication.spans import spans
from minsheng.source.declared import DeclaredSource
from minsheng.source.history import SourceHistory, source_history
from minsheng.views.board_decisions import WaitingDecision, how_to_ask, waiting_decisions
from minsheng.warehouse.connection import Connection
from minsheng.warehouse.explanations import StandingDoubt, standing_doubts
from minsheng.warehouse.refusals import UnansweredRefusal, unanswered_refusals
from minsheng.watch.alarms import Alarm
from minsheng.watch.runs import DagRecord
from minsheng.watch.telling import Watched

_FILES = """
    select unit_code, period, file_name
    from raw.submission
    where list_contains(?, submission_id)
    order by period desc, unit_code
"""
# A run is slow that takes so many times as long as the middle one of its kind, and at least so many seconds.
_SLOW_FACTOR, _SLOW_SECONDS = 3.0, 60.0
_LEAST_RUNS = 5


@dataclass(frozen=True)
class BoardMonth:
    """A month that is open."""

    period: str
    due_at: datetime
    freeze_at: datetime

    def days_left(self, today: date) -> int:
        """Days until it is due; negative after that."""
        return (self.due_at.date() - today).days


@dataclass(frozen=True)
class UnitStanding:
    """How a unit stands with a month; null: it owes nothing. ``has_unjudged``: something waits for its verdict."""

    period: str
    status: SubmissionStatus | None
    is_late: bool = False
    has_unjudged: bool = False


@dataclass(frozen=True)
class UnitLine:
    """A unit and how it stands with each month, in the order of the months."""

    unit_code: str
    unit_name: str
    standings: tuple[UnitStanding, ...]


@dataclass(frozen=True)
class RefusalLine:
    """A unit from which nothing is accepted for a month, and what went back."""

    unit_name: str
    refusal: UnansweredRefusal


@dataclass(frozen=True)
class DoubtLine:
    """A doubtful number that waits for the unit's explanation, and how it is asked for."""

    unit_name: str
    standing: StandingDoubt
    remedy: str


@dataclass(frozen=True)
class SourceLine:
    """A declared source, and when it last answered and delivered."""

    source: DeclaredSource
    history: SourceHistory


@dataclass(frozen=True)
class ShownRevision:
    """What readers see: since when, and which files they saw for the first time with it, as unit, month and name."""

    revision: str
    shown_at: datetime
    new_files: tuple[str, ...]


@dataclass(frozen=True)
class RunLine:
    """How a DAG ran last, and the seconds it usually takes; null: too few runs to tell."""

    record: DagRecord
    usual_seconds: float | None

    @property
    def is_slow(self) -> bool:
        """Whether the last run took much longer than usual."""
        seconds = self.record.last.seconds
        return self.usual_seconds is not None and seconds > max(_SLOW_SECONDS, _SLOW_FACTOR * self.usual_seconds)


@dataclass(frozen=True)
class Board:
    """A county at a moment; ``publication`` null: nothing was published yet."""

    county: str
    title: str
    plan_id: str
    moment: datetime
    months: tuple[BoardMonth, ...]
    units: tuple[UnitLine, ...]
    refusals: tuple[RefusalLine, ...]
    doubts: tuple[DoubtLine, ...]
    decisions: tuple[WaitingDecision, ...]
    mail_counts: tuple[tuple[MailState, int], ...]
    sources: tuple[SourceLine, ...]
    publication: ShownRevision | None
    runs: tuple[RunLine, ...]
    watched: Watched

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """What needs a person in this county, and what concerns every county."""
        return tuple(each for each in self.watched.standing if each.condition.county in (None, self.county))

    def count(self, period: str, status: SubmissionStatus) -> int:
        """How many units stand so with a month."""
        return sum(each.period == period and each.status == status for unit in self.units for each in unit.standings)


def make_board(
    connection: Connection,
    run: Run,
    sources: Sequence[DeclaredSource],
    records: Sequence[DagRecord],
    watched: Watched,
) -> Board:
    """The board of a county at the moment of the run, for the plan that is reported on then."""
    plan = run.county.plan_at(county_time(run.as_of).date())
    doubts = standing_doubts(connection, [plan.plan_id])
    opened = [month for month in opened_months(connection, run) if month.plan.plan_id == plan.plan_id]
    return Board(
        run.home.county,
        run.county.title,
        plan.plan_id,
        county_time(run.as_of),
        tuple(BoardMonth(str(month.period), month.due_at, month.freeze_at) for month in opened),
        tuple(_units(run, opened)),
        tuple(_refusals(connection, run, plan.plan_id)),
        tuple(_doubts(run, doubts)),
        tuple(waiting_decisions(connection, run, plan.plan_id, doubts)),
        tuple((state, len(mails(run.home, state))) for state in STATES),
        tuple(SourceLine(one, source_history(connection, one.name)) for one in sources),
        _publication(connection, run, plan.plan_id),
        tuple(RunLine(record, _usual(record)) for record in records),
        watched,
    )


def _units(run: Run, months: Sequence[OpenMonth]) -> Iterator[UnitLine]:
    known = {(str(month.period), unit.unit_code): unit for month in months for unit in month.units}
    for code in sorted({unit.unit_code for month in months for unit in month.required}):
        standings = tuple(_standing(month, known.get((str(month.period), code)), run.as_of) for month in months)
        yield UnitLine(code, unit_name(run, months[-1].plan.plan_id, code), standings)


def _standing(month: OpenMonth, unit: UnitMonth | None, moment: datetime) -> UnitStanding:
    period = str(month.period)
    if unit is None or not unit.is_required:
        return UnitStanding(period, None)
    if unit.accepted_at is not None:
        return UnitStanding(period, "accepted", unit.accepted_at > month.due_of(unit))
    if unit.reported_at is not None:
        return UnitStanding(period, "unsigned", has_unjudged=unit.has_unjudged)
    if unit.rejected_at is not None:
        return UnitStanding(period, "rejected", has_unjudged=unit.has_unjudged)
    status: SubmissionStatus = "missing" if moment > month.due_of(unit) else "not_due"
    return UnitStanding(period, status, has_unjudged=unit.has_unjudged)


def _refusals(connection: Connection, run: Run, plan_id: str) -> Iterator[RefusalLine]:
    for one in unanswered_refusals(connection, plan_id):
        yield RefusalLine(unit_name(run, plan_id, one.unit_code), one)


def _doubts(run: Run, doubts: Sequence[StandingDoubt]) -> Iterator[DoubtLine]:
    for found in doubts:
        if found.state in ("unexplained", "asked"):
            name = unit_name(run, found.doubt.plan_id, found.doubt.unit_code)
            yield DoubtLine(name, found, how_to_ask(run, found))


def _publication(connection: Connection, run: Run, plan_id: str) -> ShownRevision | None:
    shown = current(run.home)
    logged = entries(run.home)
    span = next((each for each in reversed(spans(logged)) if shown and each.revision == shown.name), None)
    if shown is None or span is None:
        return None
    new = next((entry.inputs for entry in reversed(logged) if entry.facts.get("to") == shown.name and entry.inputs), ())
    rows = connection.execute(_FILES, [list(new)]).fetchall()
    files = tuple(f"{unit_name(run, plan_id, unit)} {period or ''}《{name}》" for unit, period, name in rows)
    return ShownRevision(shown.name, span.begins, files)


def _usual(record: DagRecord) -> float | None:
    before = record.seconds[:-1]
    return median(before) if len(before) >= _LEAST_RUNS else None
