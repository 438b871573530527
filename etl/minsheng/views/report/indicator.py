"""What the page of an indicator shows beside its rows: what places and units report, and where each figure stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import quote

from minsheng.landing.originals import original_name
from minsheng.warehouse.connection import Row


@dataclass(frozen=True)
class ByMonth:
    """What places or units report, by month; a row is a name, its values by period, and the last of its rows."""

    periods: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Any, ...], Row], ...]


@dataclass(frozen=True)
class SourceFile:
    """The file a version of a figure stands in, with its cells."""

    period: str
    revision_no: int
    submission_id: str
    file_name: str
    sha256: str
    received_at: datetime
    cells: tuple[Row, ...]

    @property
    def original(self) -> str:
        """The path of the file itself below ``originals/``, as a link has it."""
        return f"{self.submission_id}/{quote(original_name(self.file_name))}"


def by_month(rows: Sequence[Row], key: str, name: str, value: str) -> ByMonth | None:
    """Rows, oldest month first, laid out a line a ``key``; None where there are none."""
    if not rows:
        return None
    periods = tuple(sorted({row["period"] for row in rows}))
    cells = {(row[key], row["period"]): row[value] for row in rows}
    last = sorted({row[key]: row for row in rows}.items())
    told = tuple((row[name] or code, tuple(cells.get((code, period)) for period in periods), row) for code, row in last)
    return ByMonth(periods, told)


def sources(cells: Sequence[Row]) -> list[SourceFile]:
    """The files of the figure, oldest first."""
    grouped = groupby(cells, key=lambda row: (row["period"], row["revision_no"]))
    return [_source(tuple(group)) for _, group in grouped]


def _source(cells: tuple[Row, ...]) -> SourceFile:
    first = cells[0]
    named = {
        name: first[name] for name in ("period", "revision_no", "submission_id", "file_name", "sha256", "received_at")
    }
    return SourceFile(**named, cells=cells)
