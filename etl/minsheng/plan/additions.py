"""What a plan says without what it adds to another with a date of its own: additions begin, and alter nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from minsheng.plan.dated import Dated
from minsheng.plan.indicators import Indicator, Item, Target
from minsheng.plan.models import Plan
from minsheng.plan.units import Member, Register, Unit

Entry = TypeVar("Entry", bound=Dated | Target)


def without_additions(plan: Plan, before: Plan) -> Plan:
    """The plan less the changes, targets, members, closures and mergers with a date that ``before`` does not know."""
    items = {item.code: item for item in before.items}
    registers = {register.code: register for register in before.registers}
    units = {unit.code: unit for unit in before.units}
    closed = {closure.indicator for closure in before.closures}
    return plan.model_copy(
        update={
            "changes": _known(plan.changes, before.changes),
            "items": tuple(_item(item, items.get(item.code)) for item in plan.items),
            "units": tuple(_unit(unit, units.get(unit.code)) for unit in plan.units),
            "registers": tuple(_register(each, registers.get(each.code)) for each in plan.registers),
            "closures": tuple(closure for closure in plan.closures if closure.indicator in closed),
            "sha256": f"{plan.sha256} without additions",
        }
    )


def _known(entries: Sequence[Entry], before: Sequence[Entry]) -> tuple[Entry, ...]:
    months = {entry.valid_from for entry in before}
    return tuple(entry for entry in entries if entry.valid_from in months)


def _item(item: Item, before: Item | None) -> Item:
    if before is None:
        return item
    known = {indicator.code: indicator for indicator in before.indicators}
    indicators = tuple(_indicator(indicator, known.get(indicator.code)) for indicator in item.indicators)
    return item.model_copy(update={"changes": _known(item.changes, before.changes), "indicators": indicators})


def _indicator(indicator: Indicator, before: Indicator | None) -> Indicator:
    if before is None:
        return indicator
    changes = _known(indicator.changes, before.changes)
    first, *later = indicator.targets  # the first one serves all months before it, whatever its date
    return indicator.model_copy(update={"changes": changes, "targets": (first, *_known(later, before.targets))})


def _register(register: Register, before: Register | None) -> Register:
    if before is None or register.members is None:
        return register
    if before.members is None:
        members = None if all(member.valid_from for member in register.members) else register.members
        return register.model_copy(update={"members": members})
    known = {member.code: member for member in before.members}
    kept = (_member(member, known.get(member.code)) for member in register.members)
    return register.model_copy(update={"members": tuple(member for member in kept if member is not None)})


def _member(member: Member, before: Member | None) -> Member | None:
    if before is None:
        return None if member.valid_from else member
    is_leaving = member.valid_to is not None and before.valid_to is None
    return member.model_copy(update={"valid_to": None}) if is_leaving else member


def _unit(unit: Unit, before: Unit | None) -> Unit:
    if before is None or before.valid_to is not None:
        return unit
    return unit.model_copy(update={"valid_to": None, "successor": before.successor})
