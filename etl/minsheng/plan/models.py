"""The contract of a plan folder: every key it may hold, and nothing else.

Numbers are in base units (31400, not 3.14 万); ratios are 0..1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from minsheng.core.codes import DueRoll
from minsheng.core.contracts import Day, Flag, Hour, Strict
from minsheng.plan.dated import Code, Dated, ErratumCode, PeriodText, PlanId, RuleCode, in_force
from minsheng.plan.indicators import Counted, Indicator, Item, Sizes
from minsheng.plan.units import Register, Unit


class Holiday(Strict):
    """A public holiday, both days included."""

    name: str
    first_day: Day
    last_day: Day


class Calendar(Strict):
    """Days off and the weekend days worked in exchange (调休), with the notice they were read in."""

    source: str
    covers_from: Day
    covers_to: Day
    holidays: tuple[Holiday, ...]
    working_weekends: tuple[Day, ...]


class CalendarFile(Strict):
    """What ``calendar.yaml`` itself holds: the years whose national days it takes over, and the county's own days."""

    source: str
    national: tuple[int, ...] = ()
    covers_from: Day
    covers_to: Day
    holidays: tuple[Holiday, ...] = ()
    working_weekends: tuple[Day, ...] = ()

    def with_national(self, years: Iterable[Calendar]) -> Calendar:
        """The plan's calendar: its own days and those of the nation."""
        calendars: tuple[Calendar | CalendarFile, ...] = (*years, self)
        return Calendar(
            source=self.source,
            covers_from=self.covers_from,
            covers_to=self.covers_to,
            holidays=tuple(holiday for each in calendars for holiday in each.holidays),
            working_weekends=tuple(day for each in calendars for day in each.working_weekends),
        )


class DueRule(Strict):
    """Reports for a month are due on ``day`` of the next month at ``hour``, local time."""

    day: int = Field(ge=1, le=28)
    hour: Hour
    roll: DueRoll
    freeze_working_days: int = Field(ge=0, description="working days after the due day at which the month is frozen")


class LetterRule(Strict):
    """Which letters are written beside answers; days are working days from the due day, which is 0.

    ``reminder_days``: when a unit that owes a report is reminded; ``escalation_days``: after how many its superior and
    the supervision office are written to, null: never. ``bulletin``: whether one that was issued goes to the leaders
    and that office.
    """

    opening: Flag = True
    reminder_days: tuple[Annotated[int, Field(ge=-15, le=15)], ...] = (-3, 0, 1)
    escalation_days: int | None = Field(default=3, ge=1, le=15)
    late_list: Flag = True
    feedback: Flag = True
    bulletin: Flag = False


class Thresholds(Strict):
    """Where the lights change: percentage points, or month numbers for promises judged by nodes."""

    ahead_pp: Decimal
    green_floor_pp: Decimal
    red_floor_pp: Decimal
    rate_yellow_pp: Decimal = Field(description="how far below target a rate may lie and still be yellow")
    node_yellow_month: int = Field(ge=1, le=12)
    node_red_month: int = Field(ge=1, le=12)


class PlanChange(Dated):
    """What is otherwise with the whole plan from a month on."""

    thresholds: Thresholds | None = None
    letters: LetterRule | None = None


class Reading(Strict):
    """An open question of the plan, the answer taken for now, and why."""

    code: str
    concerns: tuple[str, ...]
    question: str
    reading: str
    reason: str
    valid_from: Day
    ask: str = ""


class Waiver(Strict):
    """One unit excused from one rule for a span of months; it holds for what arrives between two days, both included.

    ``indicator`` null: for every indicator of the unit.
    """

    rule: RuleCode
    unit: Code
    indicator: Code | None = None
    valid_from: PeriodText
    valid_to: PeriodText
    reason: str = Field(min_length=1)
    document_no: str = Field(min_length=1)
    decided_on: Day
    expires_on: Day


class OpeningValue(Strict):
    """What had been reached when a county began in the course of the year: the figure of the month before its first.

    ``unit``: of a supporting unit's own; ``member``: of one place of a register. ``value``: cumulative, of a stock the
    level; ``numerator`` and ``denominator`` of a ratio instead.
    """

    indicator: Code
    unit: Code | None = None
    member: str | None = None
    period: PeriodText
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    basis: str = Field(min_length=1)

    @property
    def key(self) -> tuple[str, str | None, str | None]:
        """Of what it is the figure."""
        return self.indicator, self.unit, self.member


class Closure(Strict):
    """The supervising office has accepted the evidence that an indicator is done (销号): an act, dated and on paper."""

    indicator: Code
    closed_on: Day
    office: str = Field(min_length=1)
    document_no: str = Field(min_length=1)
    evidence: str = Field(min_length=1)


class Erratum(Strict):
    """The plan as it was received was wrong: what had been said of some months is put right, and told.

    ``indicators`` empty: all of them; ``valid_from`` and ``valid_to``: the months put right, both included.
    """

    code: ErratumCode
    reason: str = Field(min_length=1)
    document_no: str = Field(min_length=1)
    decided_on: Day
    indicators: tuple[Code, ...] = ()
    valid_from: PeriodText
    valid_to: PeriodText

    def covers(self, period: str, indicator_code: str) -> bool:
        """Whether it speaks of an indicator in a month."""
        is_named = not self.indicators or indicator_code in self.indicators
        return is_named and self.valid_from <= period <= self.valid_to


class PlanHeader(Strict):
    """What ``plan.yaml`` itself holds."""

    plan_id: PlanId
    title: str
    document_no: str
    issuer: str
    year: int
    county_code: str
    county_name: str
    prefecture_name: str | None = None
    province_name: str | None = None
    timezone: str
    text: str
    text_note: str
    due: DueRule
    sends_receipts: Flag = Field(
        default=True, description="whether a report accepted without a finding is answered too"
    )
    letters: LetterRule = LetterRule()
    unexplained_hold_freeze: Flag = Field(
        default=False, description="whether a month waits to be frozen until its doubtful figures are explained"
    )
    signed_from: PeriodText | None = Field(
        default=None, description="the first month whose reports count only when a second person has confirmed them"
    )
    thresholds: Thresholds
    population: Counted | None = Field(default=None, description="how many people live in the county")
    sizes: Sizes = Sizes()
    changes: tuple[PlanChange, ...] = ()


class Plan(PlanHeader):
    """A whole plan folder: what it says, and its ``files`` as they lie there, by name."""

    items: tuple[Item, ...]
    units: tuple[Unit, ...]
    registers: tuple[Register, ...]
    calendar: Calendar
    readings: tuple[Reading, ...]
    waivers: tuple[Waiver, ...] = ()
    closures: tuple[Closure, ...] = ()
    errata: tuple[Erratum, ...] = ()
    opening: tuple[OpeningValue, ...] = ()
    files: Mapping[str, bytes] = Field(repr=False)
    sha256: str

    def at(self, period: str) -> Plan:
        """The plan as it is in a month."""
        items = tuple(item.at(period) for item in self.items)
        registers = tuple(register.at(period) for register in self.registers)
        return in_force(self, self.changes, period).model_copy(update={"items": items, "registers": registers})

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators in the plan's order."""
        return tuple(indicator for item in self.items for indicator in item.indicators)

    def unit(self, code: str) -> Unit:
        """The unit with this code; raises KeyError."""
        return {unit.code: unit for unit in self.units}[code]

    def register(self, code: str) -> Register:
        """The register with this code; raises KeyError."""
        return {register.code: register for register in self.registers}[code]
