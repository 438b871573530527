"""The contract of ``scenario.yaml``."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from minsheng.core.codes import Verdict
from minsheng.core.contracts import Flag, Hour, Strict, Values, load
from minsheng.plan.dated import PeriodText
from minsheng.plan.form import SheetCode

Numbers = tuple[Decimal, ...]


class Moment(Strict):
    """A delivery, counted from the due day."""

    days: int
    hour: Hour


class Contribution(Strict):
    """What one supporting unit may add in a month; ``by`` null: every one of them."""

    most: int
    by: tuple[str, ...] | None = None


class Makeup(Strict):
    """A missing month supplied after the freeze."""

    period: PeriodText
    unit: str
    delivery: str


class Correction(Makeup):
    """An accepted report put right, with its reason."""

    indicator: str
    reason: str


class Duplicate(Strict):
    """A file sent again under another name."""

    period: PeriodText
    unit: str


class Planted(Strict):
    """One thing done to one workbook; ``rule`` is the idea of the rule it should meet."""

    period: PeriodText
    unit: str
    verdict: Verdict
    rule: str
    zh: str
    en: str
    is_put_right: Flag = True
    sheet: SheetCode = "report"
    indicator: str | None = None
    set: Annotated[dict[str, str | float | int | None], Values] = Field(default_factory=dict)
    spell: dict[str, Literal["full_width", "with_unit", "thousands"]] = Field(default_factory=dict)
    swap: tuple[str, str] | None = None
    clear: Flag = False
    truncate: Flag = False
    handed_to: str | None = None


class Scenario(Strict):
    """Six months of synthetic submissions."""

    plan: str
    periods: tuple[PeriodText, ...]
    in_time: Moment
    afterwards: Moment
    figures: dict[str, Numbers | dict[str, Numbers]]
    contributions: dict[str, Contribution]
    words: dict[str, dict[str, tuple[str, ...]]]
    notes: tuple[str, ...]
    note_only: dict[PeriodText, tuple[str, ...]]
    late: dict[PeriodText, tuple[str, ...]]
    missing: dict[PeriodText, tuple[str, ...]]
    makeups: tuple[Makeup, ...]
    corrections: tuple[Correction, ...]
    duplicates: tuple[Duplicate, ...]
    planted: tuple[Planted, ...]

    def is_missing(self, period: str, unit_code: str) -> bool:
        """Whether the unit sends nothing by the freeze of the month."""
        return unit_code in self.missing.get(period, ())

    def planted_in(self, period: str, unit_code: str) -> Planted | None:
        """What is done to the unit's first workbook of the month."""
        found = (planted for planted in self.planted if (planted.period, planted.unit) == (period, unit_code))
        return next(found, None)


def load_scenario(path: Path) -> Scenario:
    """Read ``scenario.yaml``; raises one UserError that names every fault with its line and key."""
    return load(path, Scenario, "examples/scenario.py")
