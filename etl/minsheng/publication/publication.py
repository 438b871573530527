"""Reading what was published: the only source of everything shown to people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from minsheng.core.clock import county_time
from minsheng.core.errors import UserError
from minsheng.core.home import Publisher
from minsheng.publication.published_rows import PublishedRows, grouped, read_rows
from minsheng.publication.revisions import DATABASE, Revision, open_revision, require_current
from minsheng.warehouse.connection import Row

_UNSETTLED = ("NOT_REPORTED", "NO_BASIS", "IN_PROGRESS")


@dataclass(frozen=True)
class Month:
    """One published month of a plan.

    ``indicators`` in plan order, each with its outlook, ``corrections``, ``errata``, ``texts`` of units, the
    ``last_year`` where it is given and who led it before; ``items`` in plan order; ``units`` with report, score and the
    year's reporting; ``shares`` of the statuses by item (``ALL`` first); ``faults`` by unit and rule, and those of this
    month and earlier that are still ``open_faults``.
    """

    period: str
    indicators: tuple[Row, ...]
    items: tuple[Row, ...]
    units: tuple[Row, ...]
    shares: tuple[Row, ...]
    faults: tuple[Row, ...]
    open_faults: tuple[Row, ...]

    @property
    def statuses(self) -> tuple[Row, ...]:
        """Every status that any indicator has, with count and share of all indicators."""
        return tuple(row for row in self.shares if row["item_code"] == "ALL" and row["indicator_count"])

    @property
    def behind(self) -> tuple[Row, ...]:
        """The indicators that are truly behind, red before yellow."""
        rows = (row for row in self.indicators if row["behind_since"] is not None)
        return tuple(sorted(rows, key=lambda row: row["light"] != "red"))

    @property
    def last_behind(self) -> tuple[Row, ...]:
        """The indicators of which nothing can be said this month, and that were behind when something last could."""
        return tuple(row for row in self.indicators if row["last_behind_since"] is not None)

    @property
    def unsettled(self) -> dict[str, list[Row]]:
        """The indicators of which nothing can be said yet, by the reason why."""
        rows = (row for status in _UNSETTLED for row in self.indicators if row["status_code"] == status)
        return grouped(rows, lambda row: row["reason_label"])

    @property
    def faults_by_rule(self) -> dict[tuple[str, str], list[Row]]:
        """What was found in the month's files, by rule code and severity: a row a unit."""
        return grouped(self.faults, lambda row: (row["rule_code"], row["severity"]))

    @property
    def required(self) -> tuple[Row, ...]:
        """The units that owe a report, without those that may send one."""
        return tuple(row for row in self.units if row["is_required"])

    @property
    def due_at(self) -> datetime | None:
        """Until when reports were due; single units may have been given longer. None: nobody owes one."""
        return min((row["due_at"] for row in self.required), default=None)

    @property
    def arrivals(self) -> Counter[str]:
        """Of the units that owe a report, how many are in each submission status."""
        return Counter(row["submission_status"] for row in self.required)

    @property
    def ranked(self) -> tuple[Row, ...]:
        """The lead units that have a place, by place."""
        return tuple(sorted((row for row in self.units if row["rank_no"]), key=lambda row: row["rank_no"]))

    @property
    def unranked(self) -> tuple[Row, ...]:
        """The lead units without one: nothing of theirs can be judged, or nothing is due yet."""
        return tuple(row for row in self.units if row["indicator_count"] and not row["rank_no"])

    @property
    def reporting(self) -> tuple[Row, ...]:
        """The units that owe a report or sent one, the most timely of the year first."""
        rows = (row for row in self.units if row["is_required"] or row["first_received_at"])
        return tuple(sorted(rows, key=lambda row: row["timeliness_rank_no"] or len(self.units)))


@dataclass(frozen=True)
class Publication:
    """The current revision, as far as one plan goes: what it says of itself, and its months in order."""

    folder: Path
    plan_id: str
    manifest: dict[str, Any]
    months: tuple[Month, ...]

    @property
    def title(self) -> str:
        """The plan's own title."""
        return str(self.manifest["plans"][self.plan_id])

    @property
    def as_of(self) -> datetime:
        """The moment it speaks of."""
        return county_time(datetime.fromisoformat(str(self.manifest["as_of"])))

    def month(self, period: str) -> Month:
        """One month of it; raises UserError when that month was never opened."""
        known = {month.period: month for month in self.months}
        if period not in known:
            raise UserError("period_not_open", "报送期", period=period, known=list(known))
        return known[period]

    @property
    def database(self) -> Path:
        """The file BI tools open."""
        return self.folder / DATABASE


def read_publication(publisher: Publisher, plan_id: str | None = None, revision: Revision | None = None) -> Publication:
    """Everything published of a plan, by default the one published last; raises UserError when there is nothing.

    ``revision``: another one than readers are on.
    """
    folder = revision.folder if revision else publisher.current
    revision = revision or require_current(publisher)  # once: the link may move while we read
    manifest = revision.manifest
    plan_id = plan_id or str(manifest["plan_id"])
    with open_revision(revision) as connection:
        found = read_rows(connection, plan_id)
    months = tuple(_month(period, found) for period in sorted({row["period"] for row in found.indicators}))
    return Publication(folder, plan_id, manifest, months)


def _month(period: str, found: PublishedRows) -> Month:
    # What is wrong with a file that names no month is told in every month, until it is put right.
    is_open = tuple(row for row in found.faults if row["is_open"] and (row["period"] or "") <= period)
    return Month(
        period=period,
        indicators=_of(found.indicators, period),
        items=_of(found.items, period),
        units=_of(found.units, period),
        shares=_of(found.shares, period),
        faults=_of(found.faults, period),
        open_faults=is_open,
    )


def _of(rows: Sequence[Row], period: str) -> tuple[Row, ...]:
    return tuple(row for row in rows if row["period"] == period)
