"""Reading what was published: the only source of everything shown to people."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etl.errors import UserError
from etl.home import Home
from etl.warehouse.connection import Connection, open_to_read

DATABASE = "marts.duckdb"
MANIFEST = "manifest.json"
SCHEMA = "schema.sql"

Row = dict[str, Any]


@dataclass(frozen=True)
class Month:
    """One published month of a plan: 32 indicators in plan order, and every unit's report."""

    period: str
    indicators: tuple[Row, ...]
    submissions: tuple[Row, ...]

    @property
    def lights(self) -> Counter[str]:
        """How many indicators stand in each status, by its Chinese label."""
        return Counter(row["status_label"] for row in self.indicators)

    @property
    def required(self) -> tuple[Row, ...]:
        """The units that owe a report, without those that may send one."""
        return tuple(row for row in self.submissions if row["is_required"])

    @property
    def arrivals(self) -> Counter[str]:
        """Of the units that owe a report, how many are in each submission status."""
        return Counter(row["submission_status"] for row in self.required)


@dataclass(frozen=True)
class Publication:
    """The current revision, as far as one plan goes: what it says of itself, its months in order, the units' names."""

    folder: Path
    plan_id: str
    manifest: dict[str, Any]
    months: tuple[Month, ...]
    unit_names: dict[str, str]

    @property
    def title(self) -> str:
        """The plan's own title."""
        return str(self.manifest["plans"][self.plan_id])

    def month(self, period: str) -> Month:
        """One month of it; raises UserError when that month was never opened."""
        known = {month.period: month for month in self.months}
        if period not in known:
            raise UserError("period", f"{period} is not open", f"published are {', '.join(known) or 'none'}")
        return known[period]

    @property
    def database(self) -> Path:
        """The file BI tools open."""
        return self.folder / DATABASE


def read_publication(home: Home, plan_id: str | None = None) -> Publication:
    """Everything published of a plan, by default the one published last; raises UserError when there is nothing."""
    if not home.current.exists():
        raise UserError(str(home.current), "nothing has been published yet", "run the stages up to publish first")
    folder = home.current.resolve()  # once: the link may move while we read
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    plan_id = plan_id or str(manifest["plan_id"])
    with open_to_read(folder / DATABASE) as connection:
        indicators = _rows(connection, "pub_indicator_completion_v1", "indicator_code", plan_id)
        submissions = _rows(connection, "pub_submission_status_v1", "is_required desc, unit_code", plan_id)
        scorecards = _rows(connection, "pub_unit_scorecard_v1", "unit_code", plan_id)
    months = tuple(
        Month(period, _of(indicators, period), _of(submissions, period))
        for period in sorted({row["period"] for row in indicators})
    )
    names = {row["unit_code"]: row["unit_name"] for row in scorecards}
    return Publication(home.current, plan_id, manifest, months, names)


def _rows(connection: Connection, table: str, order: str, plan_id: str) -> list[Row]:
    query = f"select * from {table} where plan_id = ? order by period, {order}"
    cursor = connection.execute(query, [plan_id])
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def _of(rows: list[Row], period: str) -> tuple[Row, ...]:
    return tuple(row for row in rows if row["period"] == period)
