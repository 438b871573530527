"""What cannot be of units: a name that means two of them, a successor that does not take over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from minsheng.core.contracts import Document, Location, near
from minsheng.core.errors import UserError
from minsheng.plan.folder import Folder
from minsheng.plan.units import Unit

Faults = Iterator[UserError]


def unit_faults(folder: Folder) -> Faults:
    """What is wrong with the names of units, and with who follows whom."""
    yield from _name_faults(folder)
    yield from _succession_faults(folder)


def no_unit(document: Document, location: Location, code: str, units: Iterable[str]) -> UserError:
    """A code that is no unit's, and the one that may be meant."""
    return document.fault(location, "unit_not_in_plan", unit=code, near=near(code, units))


def _name_faults(folder: Folder) -> Faults:
    """A name that could mean two units decides nothing."""
    document = folder.units.document
    owners: dict[str, str] = {}
    for index, unit in enumerate(folder.units.value):
        if unit.valid_to is not None and unit.valid_to < unit.valid_from:
            yield document.fault((index, "valid_to"), "unit_reversed")
        later = (name for each in unit.later_names for name in (each.name, each.full_name))
        for name in dict.fromkeys((unit.name, unit.full_name, *later, *(alias.name for alias in unit.aliases))):
            if name in owners:
                yield document.fault((index,), "name_of_two_units", name=name, first=owners[name], second=unit.code)
            owners.setdefault(name, unit.code)


def _succession_faults(folder: Folder) -> Faults:
    """A successor takes over without a gap and lasts longer."""
    document, units = folder.units.document, {unit.code: unit for unit in folder.units.value}
    for index, unit in enumerate(folder.units.value):
        if unit.successor is not None and unit.successor not in units:
            yield no_unit(document, (index, "successor"), unit.successor, units)
        elif unit.successor is not None and not _takes_over(unit, units[unit.successor]):
            yield document.fault((index, "successor"), "successor_gap", successor=unit.successor, unit=unit.code)


def _takes_over(unit: Unit, successor: Unit) -> bool:
    if unit.valid_to is None or (successor.valid_to or date.max) <= unit.valid_to:
        return False
    return successor.valid_from <= unit.valid_to + timedelta(days=1)
