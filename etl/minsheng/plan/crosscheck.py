"""What must agree between the files of a plan, and what a single key's contract cannot say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import PurePosixPath

from minsheng.core.clock import ZONE_NAME
from minsheng.core.contracts import Document, Location, allowed, near
from minsheng.core.errors import UserError
from minsheng.plan.calendar_check import calendar_faults
from minsheng.plan.changes import change_faults
from minsheng.plan.folder import Folder
from minsheng.plan.indicators import Indicator, Item
from minsheng.plan.models import Plan
from minsheng.plan.obligations import line_of_succession
from minsheng.plan.units import Unit
from minsheng.plan.written import numbers_in
from minsheng.words.chinese import chinese

Faults = Iterator[UserError]


@dataclass(frozen=True)
class _Place:
    """Where an indicator stands: its item, the item's file, its number there, and which of its changes is looked at."""

    indicator: Indicator
    item: Item
    document: Document
    index: int
    change: Location = ()

    def fault(self, location: Location, code: str, /, **fields: object) -> UserError:
        """A fault inside this indicator."""
        return self.document.fault(("indicators", self.index, *self.change, *location), code, **fields)


def faults(plan: Plan, folder: Folder) -> Faults:
    """All disagreements of a plan whose files are each sound."""
    yield from _repeated_codes(folder)
    yield from _header_faults(plan, folder)
    yield from calendar_faults(plan, folder)
    yield from _unit_faults(folder)
    yield from _succession_faults(plan, folder)
    for part in folder.items:
        yield from _item_faults(plan, part.value, part.document)
    for place in _places(folder):
        found = [fault for check in (_code_faults, *_INDICATOR_CHECKS) for fault in check(plan, place)]
        yield from found or _version_faults(plan, place)
    yield from change_faults(plan, folder)
    yield from _reading_faults(plan, folder)
    yield from _waiver_faults(plan, folder)


def _version_faults(plan: Plan, place: _Place) -> Faults:
    """What is asked of an indicator is asked of it as each of its changes leaves it."""
    for n, change in enumerate(place.indicator.changes):
        version = replace(place, indicator=place.indicator.at(change.valid_from), change=("changes", n))
        for check in _INDICATOR_CHECKS:
            yield from check(plan, version)


def _places(folder: Folder) -> Iterator[_Place]:
    for part in folder.items:
        for index, indicator in enumerate(part.value.indicators):
            yield _Place(indicator, part.value, part.document, index)


def _repeated_codes(folder: Folder) -> Faults:
    """Each list of codes by itself: items, item numbers, indicators, units, registers, readings."""
    items, registers = folder.items, folder.registers
    units, readings = folder.units, folder.readings
    yield from _repeated((part.value.code, part.document, ("code",)) for part in items)
    yield from _repeated((part.value.number, part.document, ("number",)) for part in items)
    yield from _repeated(
        (place.indicator.code, place.document, ("indicators", place.index, "code")) for place in _places(folder)
    )
    yield from _repeated((unit.code, units.document, (n, "code")) for n, unit in enumerate(units.value))
    yield from _repeated((part.value.code, part.document, ("code",)) for part in registers)
    yield from _repeated((reading.code, readings.document, (n, "code")) for n, reading in enumerate(readings.value))
    for part in registers:
        members = enumerate(part.value.members or ())
        yield from _repeated((member.code, part.document, ("members", n, "code")) for n, member in members)


def _repeated(codes: Iterable[tuple[str | int, Document, Location]]) -> Faults:
    seen: dict[str | int, str] = {}
    for code, document, location in codes:
        if code in seen:
            yield document.fault(location, "code_taken", code=code, file=seen[code])
        seen.setdefault(code, document.name)


def _header_faults(plan: Plan, folder: Folder) -> Faults:
    document, thresholds = folder.header.document, plan.thresholds
    if not plan.items:
        yield UserError("items_missing", "items/")
    if plan.timezone != ZONE_NAME:
        yield document.fault(("timezone",), "timezone_not_chinas", zone=plan.timezone, expected=ZONE_NAME)
    if not thresholds.red_floor_pp <= thresholds.green_floor_pp <= thresholds.ahead_pp:
        yield document.fault(("thresholds",), "lights_overlap")
    fixed = max((one.fixed_denominator.value for one in plan.indicators if one.fixed_denominator), default=Decimal(0))
    if plan.population is not None and plan.population.value < fixed:
        population = f"{plan.population.value:f}"
        where = ("population", "value")
        yield document.fault(where, "population_below_denominator", population=population, denominator=f"{fixed:f}")
    if thresholds.node_yellow_month > thresholds.node_red_month:
        yield document.fault(("thresholds",), "red_before_yellow")


def _unit_faults(folder: Folder) -> Faults:
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


def _no_unit(document: Document, location: Location, code: str, units: Iterable[str]) -> UserError:
    return document.fault(location, "unit_not_in_plan", unit=code, near=near(code, units))


def _succession_faults(plan: Plan, folder: Folder) -> Faults:
    """A successor takes over without a gap and lasts longer."""
    document, units = folder.units.document, {unit.code: unit for unit in plan.units}
    for index, unit in enumerate(folder.units.value):
        if unit.successor is not None and unit.successor not in units:
            yield _no_unit(document, (index, "successor"), unit.successor, units)
        elif unit.successor is not None and not _takes_over(unit, units[unit.successor]):
            yield document.fault((index, "successor"), "successor_gap", successor=unit.successor, unit=unit.code)


def _takes_over(unit: Unit, successor: Unit) -> bool:
    if unit.valid_to is None or (successor.valid_to or date.max) <= unit.valid_to:
        return False
    return successor.valid_from <= unit.valid_to + timedelta(days=1)


def _item_faults(plan: Plan, item: Item, document: Document) -> Faults:
    if PurePosixPath(document.name).stem != item.code:
        yield document.fault(("code",), "item_in_other_file", code=item.code)
    units = {unit.code for unit in plan.units}
    for key, codes in (("lead_units", item.lead_units), ("supporting_units", item.supporting_units)):
        for index, code in enumerate(codes):
            if code not in units:
                yield _no_unit(document, (key, index), code, units)
    for index, code in enumerate((*item.lead_units, *item.supporting_units)):
        if code in (*item.lead_units, *item.supporting_units)[:index]:
            yield document.fault(("supporting_units",), "unit_twice", unit=code, item=item.code)
    if item.takes_contributions and not any(indicator.takes_contributions for indicator in item.indicators):
        yield document.fault(("takes_contributions",), "contributions_nowhere")


def _code_faults(plan: Plan, place: _Place) -> Faults:
    indicator, item = place.indicator, place.item
    if not indicator.code.startswith(f"{item.code}-"):
        yield place.fault(("code",), "indicator_of_other_item", code=indicator.code, item=item.code)
    if indicator.lead_unit not in item.lead_units:
        unit, options = indicator.lead_unit, allowed(indicator.lead_unit, item.lead_units)
        yield place.fault(("lead_unit",), "unit_does_not_lead", unit=unit, item=item.code, options=options)
    if indicator.takes_contributions and not item.takes_contributions:
        yield place.fault(("takes_contributions",), "contributions_not_taken", item=item.code)


def _lead_faults(plan: Plan, place: _Place) -> Faults:
    """The unit that answers for an indicator must last until the deadline, or nobody would owe it."""
    lead = next((unit for unit in plan.units if unit.code == place.indicator.lead_unit), None)
    if lead is None:
        return
    *_, last = line_of_succession(plan, lead)
    if (last.valid_to or date.max) < place.indicator.deadline.date:
        yield place.fault(("lead_unit",), "lead_ends_early", unit=last.code, day=last.valid_to)


def _relation_faults(plan: Plan, place: _Place) -> Faults:
    codes = {indicator.code for indicator in plan.indicators}
    for index, relation in enumerate(place.indicator.relations):
        for number, code in enumerate(relation.of):
            location = ("relations", index, "of", number)
            if code not in codes:
                yield place.fault(location, "indicator_not_in_plan", code=code, near=near(code, codes))
            if code == place.indicator.code:
                yield place.fault(location, "relation_to_itself", code=code)


def _register_faults(plan: Plan, place: _Place) -> Faults:
    indicator = place.indicator
    registers = {register.code: register for register in plan.registers}
    code = indicator.register_code
    if code is not None and code not in registers:
        yield place.fault(("register_code",), "register_unknown", code=code, options=allowed(code, registers))
    if indicator.member_target is not None and not indicator.is_per_member:
        yield place.fault(("member_target",), "member_target_alone")
    if indicator.is_per_member and (code is None or code not in registers):
        yield place.fault(("register_scope",), "register_needed")
    elif indicator.is_per_member and code is not None and registers[code].members is None:
        yield place.fault(("register_code",), "members_unknown", code=code)


def _kind_faults(plan: Plan, place: _Place) -> Faults:
    indicator = place.indicator
    is_trend = indicator.kind == "trend"
    if is_trend != (indicator.comparator == "gt_last_year"):
        yield place.fault(("comparator",), "trend_and_comparator")
    if any((target.value is None) != is_trend for target in indicator.targets):
        yield place.fault(("targets",), "target_missing")
    if "numerator" in indicator.fields_owed and not (indicator.numerator and indicator.denominator):
        yield place.fault((), "parts_undescribed")
    if indicator.fixed_denominator and "denominator" not in indicator.fields_owed:
        yield place.fault(("fixed_denominator",), "denominator_needless", kind=chinese().kind[indicator.kind])


def _target_faults(plan: Plan, place: _Place) -> Faults:
    """Everything is divided by this one number: it must be the one the plan's own words say."""
    for n, target in enumerate(place.indicator.targets):
        said = [value for _, value in numbers_in(target.as_written)]
        if target.value is not None and target.value < 0:
            yield place.fault(("targets", n, "value"), "target_negative", value=target.value)
        if target.value is not None and len(said) == 1 and said[0] != target.value:
            location, number = ("targets", n, "value"), f"{said[0].normalize():f}"
            written, value = target.as_written, target.value
            yield place.fault(location, "target_not_as_written", value=value, written=written, said=number)


def _date_faults(plan: Plan, place: _Place) -> Faults:
    indicator = place.indicator
    dated: list[tuple[Location, date]] = [(("deadline", "date"), indicator.deadline.date)]
    dated += [(("nodes", n, "due_date"), node.due_date) for n, node in enumerate(indicator.nodes)]
    for location, day in dated:
        if day.year != plan.year:
            yield place.fault(location, "day_outside_year", day=day, year=plan.year)
    if any(earlier.valid_from >= later.valid_from for earlier, later in pairwise(indicator.targets)):
        yield place.fault(("targets",), "targets_unordered")
    months = [base.month for base in indicator.last_year]
    if len(months) != len(set(months)):
        yield place.fault(("last_year",), "month_twice")


def _size_faults(plan: Plan, place: _Place) -> Faults:
    """A bound that the plan's own numbers break, or that bounds nothing."""
    indicator, sizes = place.indicator, place.indicator.sizes
    largest = max((target.value for target in indicator.targets if target.value is not None), default=None)
    for key in ("most_of_target", "least_of_target"):
        if getattr(sizes, key) is not None and largest is None:
            yield place.fault(("sizes", key), "bound_without_target")
    if sizes.exists is None:
        return
    location = ("sizes", "exists", "value")
    if "cumulative" in indicator.fields_owed and largest is not None and sizes.exists.value < largest:
        exists, target = f"{sizes.exists.value.normalize():f}", f"{largest.normalize():f}"
        yield place.fault(location, "bound_below_target", exists=exists, target=target)
    registers = {register.code: register for register in plan.registers}
    register = registers.get(indicator.register_code or "")
    if register is not None and register.members is not None:
        yield place.fault(("sizes", "exists"), "bound_beside_register", code=register.code)


_INDICATOR_CHECKS: tuple[Callable[[Plan, _Place], Faults], ...] = (
    _lead_faults,
    _relation_faults,
    _register_faults,
    _kind_faults,
    _target_faults,
    _size_faults,
    _date_faults,
)


def _reading_faults(plan: Plan, folder: Folder) -> Faults:
    known = {"plan", *(item.code for item in plan.items), *(indicator.code for indicator in plan.indicators)}
    for index, reading in enumerate(plan.readings):
        for number, code in enumerate(reading.concerns):
            if code not in known:
                location = (index, "concerns", number)
                yield folder.readings.document.fault(location, "concern_unknown", code=code)


def _waiver_faults(plan: Plan, folder: Folder) -> Faults:
    """Whether the rule exists and may be waived is held against the rule files by ``plan check``."""
    document = folder.waivers.document
    units = {unit.code for unit in plan.units}
    indicators = {indicator.code for indicator in plan.indicators}
    for index, waiver in enumerate(plan.waivers):
        if waiver.unit not in units:
            yield _no_unit(document, (index, "unit"), waiver.unit, units)
        if waiver.indicator is not None and waiver.indicator not in indicators:
            hint = near(waiver.indicator, indicators)
            yield document.fault((index, "indicator"), "indicator_not_in_plan", code=waiver.indicator, near=hint)
        if waiver.valid_to < waiver.valid_from:
            yield document.fault((index, "valid_to"), "waiver_months_reversed")
        if waiver.expires_on < waiver.decided_on:
            yield document.fault((index, "expires_on"), "waiver_expired_before")
