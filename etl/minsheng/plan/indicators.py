"""The contract of a plan's items and their indicators.

Numbers are in base units (31400, not 3.14 万); ratios are 0..1.
"""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from minsheng.core.codes import (
    Comparator,
    Kind,
    Polarity,
    ProgressBasis,
    RatioSpan,
    RegisterScope,
    RelationType,
    Severity,
    ValueType,
)
from minsheng.core.contracts import Day, Flag, Strict
from minsheng.plan.dated import Code, Dated, PeriodText, in_force


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

    type: RelationType
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
    name_en: str | None = None
    quote: str
    definition: str = Field(min_length=1)
    provincial_task: Code | None = None
    kind: Kind
    comparator: Comparator
    polarity: Polarity = "higher_better"
    unit_of_measure: str
    unit_aliases: tuple[str, ...] = ()
    value_type: ValueType = "integer"
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
    ratio_of: RatioSpan = "cumulative"
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
