"""What a template may name of a bulletin, each figure as it is written; docs/bulletin.md explains every name."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Share:
    """A status, how many indicators are in it, and their share; the shares add up to 100.0 %."""

    status: str
    count: int
    share: str


@dataclass(frozen=True)
class Place:
    """A lead unit in the ranking; ``scored`` of its indicators count in the score."""

    place: int
    unit: str
    score: str
    scored: int


@dataclass(frozen=True)
class Named:
    """Units or indicators that share something, by name."""

    name: str
    count: int
    members: str


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator: a row of the table, and what is said of it where it is behind."""

    no: int
    item: str
    indicator: str
    unit_of_measure: str
    target: str
    month_value: str
    actual: str
    completion: str
    time_progress: str
    gap: str
    last_year: str
    on_last_year: str
    status: str
    lead_unit: str
    arrival: str
    correction: str
    problem: str
    remark: str
    reason: str
    needed: str


@dataclass(frozen=True)
class Imprint:
    """What a bulletin says of itself."""

    county_name: str
    plan_title: str
    plan_document_no: str
    office: str
    telephone: str
    issue: str
    day: str
    is_draft: bool
    signed_by: str
    month: str
    cut_off: str
    revision: str
    head: str


@dataclass(frozen=True)
class IndicatorsSaid:
    """How far the indicators are."""

    time_progress: str
    indicator_count: int
    shares: tuple[Share, ...]
    laggards: tuple[IndicatorLine, ...]
    last_laggards: str
    unsettled: tuple[Named, ...]
    problems: tuple[IndicatorLine, ...]
    lines: tuple[IndicatorLine, ...]
    has_last_year: bool


@dataclass(frozen=True)
class UnitsSaid:
    """How the units stand, and whose report has come."""

    first_places: tuple[Place, ...]
    last_places: tuple[Place, ...]
    ranked_count: int
    owed_count: int
    arrivals: tuple[Named, ...]
    unreported: tuple[str, ...]
    late: tuple[str, ...]


@dataclass(frozen=True)
class Bulletin:
    """Everything a template may name."""

    imprint: Imprint
    indicators: IndicatorsSaid
    units: UnitsSaid
    corrections: tuple[str, ...]

    @property
    def names(self) -> dict[str, Any]:
        """Each value by the name that a template calls it by."""
        parts = asdict(self.imprint) | asdict(self.indicators) | asdict(self.units)
        return parts | {"corrections": self.corrections}
