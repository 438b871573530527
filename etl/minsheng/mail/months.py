"""The open months as letters see them: when each is due and frozen, and who still owes a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import PurePosixPath

from minsheng.core.clock import county_time
from minsheng.core.period import Period
from minsheng.plan.models import LetterRule, Plan
from minsheng.plan.run import Run
from minsheng.template.names import workbook_path
from minsheng.warehouse.connection import Connection
from minsheng.words import display

_UNITS = """
    select
        plan_id, period, opened_at, due_at, freeze_at, unit_code, is_required, accepted_at, rejected_at, has_unjudged,
        extended_until, reported_at
    from staging.stg_unit_month
    where list_contains(?, plan_id) and opened_at <= ?
    order by plan_id, period, unit_code
"""


@dataclass(frozen=True)
class UnitMonth:
    """What came from a unit for a month. ``accepted_at``: since when a report of it counts; ``reported_at``: when one
    was first accepted, which counts once it is signed where the plan asks for that; null: none, or nothing rejected."""

    unit_code: str
    is_required: bool
    accepted_at: datetime | None
    rejected_at: datetime | None
    has_unjudged: bool
    extended_until: datetime | None = None
    reported_at: datetime | None = None

    def owes_at(self, moment: datetime) -> bool:
        """Whether a report was owed, and none counted by a moment.

        Not while one waits for its verdict, and not as long as the unit was given longer.
        """
        is_in = self.accepted_at is not None and self.accepted_at <= moment
        has_time = self.extended_until is not None and moment <= self.extended_until
        return self.is_required and not is_in and not self.has_unjudged and not has_time

    def is_unsigned_at(self, moment: datetime) -> bool:
        """Whether a report had been accepted by then that did not count yet."""
        is_reported = self.reported_at is not None and self.reported_at <= moment
        return is_reported and not (self.accepted_at is not None and self.accepted_at <= moment)

    def is_rejected_at(self, moment: datetime) -> bool:
        """Whether something had come by then and had to go back."""
        return self.rejected_at is not None and self.rejected_at <= moment


@dataclass(frozen=True)
class OpenMonth:
    """A month that was opened, with its units."""

    plan: Plan
    period: Period
    opened_at: datetime
    due_at: datetime
    freeze_at: datetime
    units: tuple[UnitMonth, ...]

    @property
    def rule(self) -> LetterRule:
        """Which letters the plan wants in this month."""
        return self.plan.at(str(self.period)).letters

    @property
    def due_day(self) -> date:
        """The day on which reports are due."""
        return self.due_at.date()

    @property
    def required(self) -> tuple[UnitMonth, ...]:
        """The units that owe a report."""
        return tuple(unit for unit in self.units if unit.is_required)

    def due_of(self, unit: UnitMonth | None) -> datetime:
        """The hour by which a unit has to report: the month's, or a later one it was given."""
        until = unit.extended_until if unit else None
        return max(self.due_at, county_time(until)) if until else self.due_at

    def due_by_code(self, unit_code: str) -> datetime:
        """The same by a unit's code."""
        return self.due_of(next((unit for unit in self.units if unit.unit_code == unit_code), None))

    def owing_at(self, moment: datetime) -> tuple[UnitMonth, ...]:
        """The units that owed a report at a moment."""
        return tuple(unit for unit in self.units if unit.owes_at(moment))

    @property
    def words(self) -> dict[str, object]:
        """What letters about it have in common."""
        return {
            "month": display.month_name(str(self.period)),
            "due": display.moment_in_words(self.due_at),
            "due_day": display.day_in_words(self.due_day),
            "due_hour": display.hour_in_words(self.due_at),
            "freeze": display.moment_in_words(self.freeze_at),
        }

    def workbook(self, run: Run, unit_code: str) -> PurePosixPath:
        """Where the unit's form lies, below the home."""
        folder = run.home.templates / self.plan.plan_id / str(self.period)
        path = workbook_path(folder, self.plan, unit_code, str(self.period))
        return PurePosixPath(path.relative_to(run.home.root).as_posix())


def opened_months(connection: Connection, run: Run) -> Iterator[OpenMonth]:
    """Every month opened by the moment of the run, plan by plan, oldest first."""
    rows = connection.execute(_UNITS, [run.county.plan_ids, run.as_of]).fetchall()
    for (plan_id, period, *moments), of_month in groupby(rows, key=lambda row: row[:5]):
        opened_at, due_at, freeze_at = map(county_time, moments)
        units = _units([*of_month])
        yield OpenMonth(run.county.plan(plan_id), Period.parse(period), opened_at, due_at, freeze_at, units)


def _units(rows: Sequence[tuple[object, ...]]) -> tuple[UnitMonth, ...]:
    return tuple(UnitMonth(*row[5:]) for row in rows)  # type: ignore[arg-type]
