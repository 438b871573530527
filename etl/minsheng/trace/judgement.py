"""What a figure was judged by and how, as the marts have it, with the values it was judged on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from minsheng.core.codes import StatusCode


@dataclass(frozen=True)
class TargetVersion:
    """A dated version of the target; ``value`` null: a comparison with last year."""

    value: Decimal | None
    as_written: str
    document_no: str
    valid_from: str
    is_in_force: bool


@dataclass(frozen=True)
class Yardstick:
    """What the figure was judged by, from the plan. Thresholds are percentage points or month numbers.

    ``reference_value`` is the target in force, or last year's cumulative value where that is the measure.
    """

    document_no: str
    plan_sha256: str
    kind: str
    polarity: str
    is_rate: bool
    register_name: str | None
    register_scope: str | None
    member_target: Decimal | None
    fixed_denominator: Decimal | None
    reference_value: Decimal | None
    month_no: int
    ahead_pp: Decimal
    green_floor_pp: Decimal
    red_floor_pp: Decimal
    rate_yellow_pp: Decimal
    node_yellow_month: int
    node_red_month: int
    targets: tuple[TargetVersion, ...]

    @property
    def is_lower_better(self) -> bool:
        """Whether less is better."""
        return self.polarity == "lower_better"


@dataclass(frozen=True)
class FigureJudgement:
    """How the published version of the value was judged, as ``marts.indicator_judgement`` has it."""

    actual_numerator: Decimal | None
    actual_denominator: Decimal | None
    actual_value: float | None
    start_value: Decimal | None
    completion_numerator: Decimal | None
    completion_denominator: Decimal | None
    completion_ratio: float | None
    way_numerator: Decimal | None
    way_denominator: Decimal | None
    is_judged_by_rate: bool
    gap_numerator: Decimal | None
    gap_denominator: Decimal | None
    gap_pp: float | None
    surplus_value: Decimal | None
    is_met: bool | None
    ruling_code: str
    status_code: StatusCode

    @property
    def actual(self) -> Fraction | None:
        """The actual value, exact."""
        return _over(self.actual_numerator, self.actual_denominator)

    @property
    def completion(self) -> Fraction | None:
        """The completion ratio, exact."""
        return _over(self.completion_numerator, self.completion_denominator)

    @property
    def way(self) -> Fraction | None:
        """The share of the way from start to target that is done, exact."""
        return _over(self.way_numerator, self.way_denominator)

    @property
    def gap(self) -> Fraction | None:
        """The gap in percentage points, exact."""
        return _over(self.gap_numerator, self.gap_denominator)


@dataclass(frozen=True)
class Values:
    """What the star has of an indicator by one file; null: the kind does not use it, or nothing stood there."""

    month: Decimal | None
    cumulative: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    is_correction: bool


@dataclass(frozen=True)
class MemberValue:
    """What the star counts for one member of a register; what nobody reported counts as 0."""

    code: str
    name: str
    value: Decimal
    is_target_met: bool


def _over(numerator: Decimal | None, denominator: Decimal | None) -> Fraction | None:
    """A ratio from its parts; null: one is missing, or there is nothing to divide by."""
    return Fraction(numerator) / Fraction(denominator) if numerator is not None and denominator else None
