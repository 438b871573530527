"""The contract of a plan folder: every key it may hold, and nothing else.

Numbers are in base units (31400, not 3.14 万); ratios are 0..1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, TypeVar

from pydantic import Field

from minsheng.core.codes import Comparator, Kind, Polarity, ProgressBasis, RegisterScope, Severity
from minsheng.core.contracts import Day, Flag, Hour, Strict, written

PeriodText = Annotated[str, written(re.compile(r"\d{4}-(0[1-9]|1[0-2])"), "月份，如 2022-05")]
Code = Annotated[
    str, written(re.compile(r"[A-Z][A-Z0-9-]*"), "代码：大写字母开头，只含大写字母、数字和“-”，如 RSJ、M01-01")
]
RuleCode = Annotated[str, written(re.compile(r"[A-Z]\d\d"), "规则代码：一个大写字母和两位数字，如 H04")]
ErratumCode = Annotated[str, written(re.compile(r"E\d\d"), "勘误编号：E 和两位数字，如 E01")]
PlanId = Annotated[
    str, written(re.compile(r"[a-z][a-z0-9-]{0,40}-\d{4}"), "<县>-<年>，县用小写字母、数字和“-”，如 lushan-2022")
]


class Dated(Strict):
    """What holds from a month on, by which document; before it, what the plan says without a date."""

    valid_from: PeriodText
    document_no: str = Field(min_length=1)


Thing = TypeVar("Thing", bound=Strict)


def in_force(thing: Thing, changes: Iterable[Dated], period: str) -> Thing:
    """What a part of the plan says in a month: each of its changes replaces the keys it names, from its month on."""
    begun = (change for change in changes if change.valid_from <= period)
    said = {key: value for change in begun for key, value in change if value is not None and key in changeable(change)}
    return thing.model_copy(update=said) if said else thing


def changeable(change: Dated) -> list[str]:
    """The keys that a change may name."""
    return [key for key in type(change).model_fields if key not in Dated.model_fields]


class Target(Strict):
    """One dated version of a target; ``value`` is null only for a comparison with last year."""

    value: Decimal | None
    as_written: str
    comparator_word: str
    valid_from: PeriodText
    document_no: str


class Deadline(Strict):
    """By when, and in whose words; ``phrase`` is null where the plan states none."""

    phrase: str | None
    source: str
    date: Day


class Relation(Strict):
    """What must hold between this indicator and others in the same report."""

    type: Literal["subset_of", "shares_denominator_with", "denominator_equals", "supported_by", "requires", "twin_of"]
    of: tuple[Code, ...]
    severity: Severity


class Counted(Strict):
    """A number that is known beside the plan, with where it comes from."""

    value: Decimal = Field(gt=0)
    basis: str


class Sizes(Strict):
    """How large or small a number may be before it must be a slip: of its unit, a digit, a cell.

    ``most_of_target``: no number is more times its target; ``least_of_target``: the first number of a year is no
    smaller part of it. ``most_of_history``: what stands at a month's end neither grows nor shrinks to more times the
    month before, from ``history_from`` on. ``visits_per_head``: how many 人次 there may be for each inhabitant.
    """

    most_of_target: Decimal = Field(default=Decimal(10), gt=1)
    least_of_target: Decimal = Field(default=Decimal(2000), gt=1)
    most_of_history: Decimal = Field(default=Decimal(10), gt=1)
    history_from: Decimal = Field(default=Decimal(100), gt=0)
    visits_per_head: Decimal = Field(default=Decimal(10), gt=0)


class OwnSizes(Strict):
    """Where an indicator departs from the plan's ``Sizes``; ``exists``: of what is counted there is no more."""

    most_of_target: Decimal | None = Field(default=None, gt=1)
    least_of_target: Decimal | None = Field(default=None, gt=1)
    most_of_history: Decimal | None = Field(default=None, gt=1)
    history_from: Decimal | None = Field(default=None, gt=0)
    exists: Counted | None = None


class Node(Strict):
    """By ``due_date`` the cumulative value must have reached ``value``."""

    due_date: Day
    value: Decimal
    note: str = ""


class LastYear(Strict):
    """Cumulative value of the same month of the year before."""

    month: int = Field(ge=1, le=12)
    value: Decimal


class IndicatorChange(Dated):
    """What is otherwise with an indicator from a month on; a list is replaced whole. Targets have their own dates."""

    lead_unit: Code | None = None
    deadline: Deadline | None = None
    fixed_denominator: Counted | None = None
    member_target: Decimal | None = None
    base_value: Decimal | None = None
    last_year: tuple[LastYear, ...] | None = None
    nodes: tuple[Node, ...] | None = None


class Indicator(Strict):
    """One judged promise.

    ``base_value`` is the level at the end of the year before; null means not known. ``provincial_task``: the code of
    the province's task it belongs to, by which counties compare.
    """

    code: Code
    name: str
    name_en: str
    quote: str
    definition: str = Field(min_length=1)
    provincial_task: Code | None = None
    kind: Kind
    comparator: Comparator
    polarity: Polarity = "higher_better"
    unit_of_measure: str
    unit_aliases: tuple[str, ...] = ()
    value_type: Literal["integer", "decimal"] = "integer"
    progress_basis: ProgressBasis
    targets: tuple[Target, ...] = Field(min_length=1)
    deadline: Deadline
    lead_unit: Code
    lead_is_inferred: Flag = False
    counted_once_per: str | None = None
    may_fall: Flag = False
    takes_contributions: Flag = False
    numerator: str | None = None
    denominator: str | None = None
    ratio_of: Literal["cumulative", "month"] = "cumulative"
    max_ratio_reject: Decimal | None = None
    max_ratio_warn: Decimal | None = None
    fixed_denominator: Counted | None = None
    sizes: OwnSizes = OwnSizes()
    register_code: str | None = None
    register_scope: RegisterScope | None = None
    member_target: Decimal | None = None
    base_value: Decimal | None = None
    last_year: tuple[LastYear, ...] = ()
    nodes: tuple[Node, ...] = ()
    relations: tuple[Relation, ...] = ()
    changes: tuple[IndicatorChange, ...] = ()

    def at(self, period: str) -> Indicator:
        """The indicator as it is in a month."""
        return in_force(self, self.changes, period)

    @property
    def is_per_member(self) -> bool:
        """Reported row by row in 明细; the warehouse computes the rest."""
        return self.register_scope is not None

    @property
    def fields_owed(self) -> tuple[str, ...]:
        """The input columns of 填报 this indicator's kind asks for."""
        if self.is_per_member:
            return ()
        if self.kind in ("ratio", "coverage"):
            return ("numerator", "denominator")
        return ("cumulative",) if self.kind == "stock" else ("month", "cumulative")

    def target_for(self, period: str) -> Target:
        """The target version in force in a period; the first one also serves earlier periods."""
        in_force = [target for target in self.targets if target.valid_from <= period]
        return in_force[-1] if in_force else self.targets[0]


class ItemChange(Dated):
    """Who supports an item from a month on."""

    supporting_units: tuple[Code, ...] | None = None


class Item(Strict):
    """One livelihood project with its indicators and who answers for it."""

    code: Code
    number: int = Field(ge=1)
    name: str
    quote: str
    lead_units_quote: str
    responsible_units_quote: str
    lead_units: tuple[Code, ...] = Field(min_length=1)
    supporting_units: tuple[Code, ...]
    takes_contributions: Flag = False
    lead_assignment: str
    tasks_without_number: tuple[str, ...] = ()
    indicators: tuple[Indicator, ...] = Field(min_length=1)
    changes: tuple[ItemChange, ...] = ()

    def at(self, period: str) -> Item:
        """The item and its indicators as they are in a month."""
        indicators = tuple(indicator.at(period) for indicator in self.indicators)
        return in_force(self, self.changes, period).model_copy(update={"indicators": indicators})


class Alias(Strict):
    """Another spelling of a unit's name; ``accept`` false means: understood, but with a warning."""

    name: str
    accept: Flag = True


class LaterName(Strict):
    """What a unit is called from a day on."""

    name: str
    full_name: str
    valid_from: Day


class Unit(Strict):
    """A responsible unit; valid_to null: still valid.

    ``name`` is the one the plan's text uses. After ``valid_to`` the ``successor`` owes what this unit owed.
    """

    code: Code
    name: str
    short_name: str
    full_name: str
    full_name_is_presumed: Flag
    type: str
    valid_from: Day
    valid_to: Day | None = None
    successor: Code | None = None
    later_names: tuple[LaterName, ...] = ()
    aliases: tuple[Alias, ...] = ()
    note: str = ""

    def name_on(self, day: date) -> str:
        """What the unit is called on a day."""
        taken = [later for later in self.later_names if later.valid_from <= day]
        return max(taken, key=lambda later: later.valid_from).name if taken else self.name


class Member(Strict):
    """A place or thing in a register, from and to the months given, both included; null: ever since, and still.

    ``document_no``: by which it came or went; null only where it neither did.
    """

    code: str
    name: str
    valid_from: PeriodText | None = None
    valid_to: PeriodText | None = None
    document_no: str | None = None

    def is_there(self, period: str) -> bool:
        """Whether it counts in a month."""
        return (self.valid_from or period) <= period <= (self.valid_to or period)


class Register(Strict):
    """A dated list. ``members`` null: not known, and nothing may be judged against it.

    It becomes known with the first of its members, where all of them have a ``valid_from``.
    """

    code: str
    name: str
    source: str
    as_of: Day | None
    note: str = ""
    members: tuple[Member, ...] | None

    @property
    def known_from(self) -> str | None:
        """The first month it is known in; null: ever since, or never (``members`` null)."""
        begins = [member.valid_from for member in self.members or ()]
        return min((each for each in begins if each), default=None) if all(begins) else None

    def at(self, period: str) -> Register:
        """The register as it is in a month."""
        if self.members is None or (self.known_from or period) > period:
            return self.model_copy(update={"members": None})
        there = tuple(member for member in self.members if member.is_there(period))
        return self.model_copy(update={"members": there})


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


class DueRule(Strict):
    """Reports for a month are due on ``day`` of the next month at ``hour``, local time."""

    day: int = Field(ge=1, le=28)
    hour: Hour
    roll: Literal["next_working_day", "none"]
    freeze_working_days: int = Field(ge=0, description="working days after the due day at which the month is frozen")


class LetterRule(Strict):
    """Which letters are written beside answers; days are working days from the due day, which is 0.

    ``reminder_days``: when a unit that owes a report is reminded; ``escalation_days``: after how many its superior and
    the supervision office are written to, null: never.
    """

    opening: Flag = True
    reminder_days: tuple[Annotated[int, Field(ge=-15, le=15)], ...] = (-3, 0, 1)
    escalation_days: int | None = Field(default=3, ge=1, le=15)
    late_list: Flag = True
    feedback: Flag = True


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
