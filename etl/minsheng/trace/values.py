"""From a file's cells to the values of an indicator: read off its row, or added up over a register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from minsheng.trace.model import Cell, RegisterMember, Yardstick

_ONE = Decimal(1)


@dataclass(frozen=True)
class MemberValue:
    """What is counted for one member of a register; without a cell nobody reported it, and it counts as 0."""

    member: RegisterMember
    value: Decimal
    cell: Cell | None
    is_target_met: bool


@dataclass(frozen=True)
class Values:
    """An indicator's values as one file gives them; null: the kind does not use it, or nothing stands there."""

    month: Decimal | None = None
    cumulative: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    members: tuple[MemberValue, ...] = ()
    is_correction: bool = False


def read_values(yardstick: Yardstick, members: Sequence[RegisterMember], cells: Sequence[Cell]) -> Values:
    """The values these cells of one file give."""
    row = {cell.field: cell for cell in cells if cell.section == "report"}
    is_correction = "correction" in row and row["correction"].text == "是"
    if yardstick.register_scope is not None:
        return _over_register(yardstick, members, cells, is_correction)
    numbers = {field: cell.number for field, cell in row.items()}
    numerator, denominator = numbers.get("numerator"), numbers.get("denominator")
    if numerator is not None and yardstick.fixed_denominator is not None:
        denominator = yardstick.fixed_denominator
    return Values(
        month=numbers.get("month"),
        cumulative=numbers.get("cumulative"),
        numerator=numerator,
        denominator=denominator,
        is_correction=is_correction,
    )


def parts(yardstick: Yardstick, values: Values) -> tuple[Decimal | None, Decimal | None]:
    """Numerator and denominator of the actual value; what is no rate stands over 1."""
    is_of_parts = yardstick.kind in ("ratio", "coverage")
    return values.numerator if is_of_parts else values.cumulative, values.denominator if yardstick.is_rate else _ONE


def actual(yardstick: Yardstick, values: Values) -> Fraction | None:
    """The actual value, exact; null: not reported, or nothing to divide by."""
    numerator, denominator = parts(yardstick, values)
    return Fraction(numerator) / Fraction(denominator) if numerator is not None and denominator else None


def _over_register(
    yardstick: Yardstick, members: Sequence[RegisterMember], cells: Sequence[Cell], is_correction: bool
) -> Values:
    reported = {cell.member_code: cell for cell in cells if cell.field == "value" and cell.number is not None}
    if not reported or not members:
        return Values(is_correction=is_correction)
    counted = tuple(_member_value(member, reported.get(member.code), yardstick.member_target) for member in members)
    figures = [one.value for one in counted]
    if yardstick.kind == "coverage":
        covered = Decimal(sum(one.is_target_met for one in counted))
        return Values(
            numerator=covered, denominator=Decimal(len(counted)), members=counted, is_correction=is_correction
        )
    total = sum(figures, Decimal(0)) if yardstick.register_scope == "county_total" else min(figures)
    return Values(cumulative=total, members=counted, is_correction=is_correction)


def _member_value(member: RegisterMember, cell: Cell | None, target: Decimal | None) -> MemberValue:
    value = cell.number if cell and cell.number is not None else Decimal(0)
    return MemberValue(member, value, cell, target is not None and value >= target)
