"""What must agree between the files of a plan, and what a single key's contract cannot say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import PurePosixPath

from minsheng.core.clock import ZONE_NAME
from minsheng.core.contracts import Document, Location, allowed, near
from minsheng.core.errors import UserError
from minsheng.plan.calendar import due_at, freeze_at, periods
from minsheng.plan.folder import Folder
from minsheng.plan.models import Indicator, Item, Plan, Unit
from minsheng.plan.obligations import line_of_succession

Faults = Iterator[UserError]

_WRITTEN_NUMBER = re.compile(r"(\d+(?:\.\d+)?) ?([万亿%]?)")
_SCALES = {"": Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000), "%": Decimal("0.01")}


@dataclass(frozen=True)
class _Place:
    """Where an indicator stands: its item, the item's file, its number there."""

    indicator: Indicator
    item: Item
    document: Document
    index: int

    def fault(self, location: Location, problem: str, remedy: str = "") -> UserError:
        """A fault inside this indicator."""
        return self.document.fault(("indicators", self.index, *location), problem, remedy)


def faults(plan: Plan, folder: Folder) -> Faults:
    """All disagreements of a plan whose files are each sound."""
    yield from _repeated_codes(folder)
    yield from _header_faults(plan, folder)
    yield from _calendar_faults(plan, folder)
    yield from _unit_faults(folder)
    yield from _succession_faults(plan, folder)
    for part in folder.items:
        yield from _item_faults(plan, part.value, part.document)
    for place in _places(folder):
        for check in _INDICATOR_CHECKS:
            yield from check(plan, place)
    yield from _reading_faults(plan, folder)
    yield from _waiver_faults(plan, folder)


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
            yield document.fault(location, f"{code!r} is already taken in {seen[code]}", "codes are never used twice")
        seen.setdefault(code, document.name)


def _header_faults(plan: Plan, folder: Folder) -> Faults:
    document, thresholds = folder.header.document, plan.thresholds
    if not plan.items:
        yield UserError("items/", "the folder holds no item", "add items/M01.yaml and so on")
    if plan.timezone != ZONE_NAME:
        problem = f"{plan.timezone!r} is not the time of China, in which all moments are shown"
        yield document.fault(("timezone",), problem, f"write {ZONE_NAME}")
    if not thresholds.red_floor_pp <= thresholds.green_floor_pp <= thresholds.ahead_pp:
        yield document.fault(("thresholds",), "the lights overlap", "keep red_floor_pp <= green_floor_pp <= ahead_pp")
    fixed = max((one.fixed_denominator.value for one in plan.indicators if one.fixed_denominator), default=Decimal(0))
    if plan.population is not None and plan.population.value < fixed:
        problem = f"{plan.population.value:f} people live here, and a denominator is fixed at {fixed:f}"
        yield document.fault(("population", "value"), problem, "correct one of them")
    if thresholds.node_yellow_month > thresholds.node_red_month:
        yield document.fault(("thresholds",), "red comes before yellow", "keep node_yellow_month <= node_red_month")


def _calendar_faults(plan: Plan, folder: Folder) -> Faults:
    document, calendar = folder.calendar.document, plan.calendar
    for index, holiday in enumerate(calendar.holidays):
        if holiday.first_day > holiday.last_day:
            yield document.fault(("holidays", index), f"{holiday.name} ends before it begins", "swap the two days")
    for index, day in enumerate(calendar.working_weekends):
        if day.isoweekday() <= 5:
            yield document.fault(("working_weekends", index), f"{day} is no Saturday or Sunday", "check the notice")
        if any(holiday.first_day <= day <= holiday.last_day for holiday in calendar.holidays):
            yield document.fault(("working_weekends", index), f"{day} is a holiday as well", "check the notice")
    if plan.timezone == ZONE_NAME:
        yield from _uncovered_due_days(plan, document)


def _uncovered_due_days(plan: Plan, document: Document) -> Faults:
    for period in periods(plan):
        try:
            due_at(plan, period)
            freeze_at(plan, period)
        except UserError as error:
            problem = f"the due or freeze day of {period} cannot be told: {error.problem}"
            yield document.fault(("covers_to",), problem, error.remedy)
            return


def _unit_faults(folder: Folder) -> Faults:
    """A name that could mean two units decides nothing."""
    document = folder.units.document
    owners: dict[str, str] = {}
    for index, unit in enumerate(folder.units.value):
        if unit.valid_to is not None and unit.valid_to < unit.valid_from:
            yield document.fault((index, "valid_to"), "the unit ends before it begins", "swap the days")
        later = (name for each in unit.later_names for name in (each.name, each.full_name))
        for name in dict.fromkeys((unit.name, unit.full_name, *later, *(alias.name for alias in unit.aliases))):
            if name in owners:
                problem = f"{name!r} names {owners[name]} as well as {unit.code}"
                yield document.fault((index,), problem, "a name belongs to one unit")
            owners.setdefault(name, unit.code)


def _succession_faults(plan: Plan, folder: Folder) -> Faults:
    """A successor takes over without a gap and lasts longer."""
    document, units = folder.units.document, {unit.code: unit for unit in plan.units}
    for index, unit in enumerate(folder.units.value):
        if unit.successor is not None and unit.successor not in units:
            problem = f"{unit.successor!r} is no unit of this plan"
            yield document.fault((index, "successor"), problem, near(unit.successor, units))
        elif unit.successor is not None and not _takes_over(unit, units[unit.successor]):
            problem = f"{unit.successor} does not take over from {unit.code} on the day after its valid_to"
            yield document.fault((index, "successor"), problem, "check valid_from and valid_to of both")


def _takes_over(unit: Unit, successor: Unit) -> bool:
    if unit.valid_to is None or (successor.valid_to or date.max) <= unit.valid_to:
        return False
    return successor.valid_from <= unit.valid_to + timedelta(days=1)


def _item_faults(plan: Plan, item: Item, document: Document) -> Faults:
    if PurePosixPath(document.name).stem != item.code:
        yield document.fault(("code",), f"{item.code!r} stands in the file of another item", "name the file after it")
    units = {unit.code for unit in plan.units}
    for key, codes in (("lead_units", item.lead_units), ("supporting_units", item.supporting_units)):
        for index, code in enumerate(codes):
            if code not in units:
                yield document.fault((key, index), f"{code!r} is no unit of this plan", near(code, units))
    for index, code in enumerate((*item.lead_units, *item.supporting_units)):
        if code in (*item.lead_units, *item.supporting_units)[:index]:
            yield document.fault(("supporting_units",), f"{code!r} stands twice in {item.code}", "keep one")
    if item.takes_contributions and not any(indicator.takes_contributions for indicator in item.indicators):
        yield document.fault(("takes_contributions",), "no indicator of this item takes any", "mark the indicators")


def _code_faults(plan: Plan, place: _Place) -> Faults:
    indicator, item = place.indicator, place.item
    if not indicator.code.startswith(f"{item.code}-"):
        yield place.fault(("code",), f"{indicator.code!r} does not belong to {item.code}", f"write {item.code}-01, …")
    if indicator.lead_unit not in item.lead_units:
        problem = f"{indicator.lead_unit!r} does not lead {item.code}"
        yield place.fault(("lead_unit",), problem, allowed(indicator.lead_unit, item.lead_units))
    if indicator.takes_contributions and not item.takes_contributions:
        yield place.fault(("takes_contributions",), f"{item.code} takes no contributions", "say so at the item too")


def _lead_faults(plan: Plan, place: _Place) -> Faults:
    """The unit that answers for an indicator must last until the deadline, or nobody would owe it."""
    lead = next((unit for unit in plan.units if unit.code == place.indicator.lead_unit), None)
    if lead is None:
        return
    *_, last = line_of_succession(plan, lead)
    if (last.valid_to or date.max) < place.indicator.deadline.date:
        problem = f"{last.code} ends on {last.valid_to}, before the deadline"
        yield place.fault(("lead_unit",), problem, "name its successor in units.yaml")


def _relation_faults(plan: Plan, place: _Place) -> Faults:
    codes = {indicator.code for indicator in plan.indicators}
    for index, relation in enumerate(place.indicator.relations):
        for number, code in enumerate(relation.of):
            location = ("relations", index, "of", number)
            if code not in codes:
                yield place.fault(location, f"{code!r} is no indicator of this plan", near(code, codes))
            if code == place.indicator.code:
                yield place.fault(location, f"{code!r} relates to itself", "name the other indicator")


def _register_faults(plan: Plan, place: _Place) -> Faults:
    indicator = place.indicator
    registers = {register.code: register for register in plan.registers}
    code = indicator.register_code
    if code is not None and code not in registers:
        yield place.fault(("register_code",), f"{code!r} is no register of this plan", allowed(code, registers))
    if indicator.member_target is not None and not indicator.is_per_member:
        yield place.fault(("member_target",), "there is no register_scope to go with it", "add one or drop the target")
    if indicator.is_per_member and (code is None or code not in registers):
        yield place.fault(("register_scope",), "a report by member needs a register", "name it in register_code")
    elif indicator.is_per_member and code is not None and registers[code].members is None:
        yield place.fault(("register_code",), f"the members of {code!r} are not known", "drop register_scope for now")


def _kind_faults(plan: Plan, place: _Place) -> Faults:
    indicator = place.indicator
    is_trend = indicator.kind == "trend"
    if is_trend != (indicator.comparator == "gt_last_year"):
        yield place.fault(("comparator",), "gt_last_year and the kind trend go together", "change one of them")
    if any((target.value is None) != is_trend for target in indicator.targets):
        yield place.fault(("targets",), "only the targets of a trend are null, and all of them are", "give the value")
    if "numerator" in indicator.fields_owed and not (indicator.numerator and indicator.denominator):
        yield place.fault((), "numerator or denominator is not described", "say what is counted above and below")
    if indicator.fixed_denominator and "denominator" not in indicator.fields_owed:
        yield place.fault(("fixed_denominator",), f"a {indicator.kind} has no denominator", "take it out")


def _target_faults(plan: Plan, place: _Place) -> Faults:
    """Everything is divided by this one number: it must be the one the plan's own words say."""
    for n, target in enumerate(place.indicator.targets):
        said = [Decimal(digits) * _SCALES[scale] for digits, scale in _WRITTEN_NUMBER.findall(target.as_written)]
        if target.value is not None and target.value < 0:
            yield place.fault(("targets", n, "value"), f"{target.value} is below 0", "a target is 0 or more")
        if target.value is not None and len(said) == 1 and said[0] != target.value:
            problem = f"{target.value} is not what {target.as_written!r} says, {said[0].normalize():f}"
            yield place.fault(("targets", n, "value"), problem, "correct one of them")


def _date_faults(plan: Plan, place: _Place) -> Faults:
    indicator = place.indicator
    dated: list[tuple[Location, date]] = [(("deadline", "date"), indicator.deadline.date)]
    dated += [(("nodes", n, "due_date"), node.due_date) for n, node in enumerate(indicator.nodes)]
    for location, day in dated:
        if day.year != plan.year:
            yield place.fault(location, f"{day} lies outside the plan year {plan.year}", "check the year")
    if any(earlier.valid_from >= later.valid_from for earlier, later in pairwise(indicator.targets)):
        yield place.fault(("targets",), "the versions are not in order of valid_from", "put the oldest first")
    months = [base.month for base in indicator.last_year]
    if len(months) != len(set(months)):
        yield place.fault(("last_year",), "a month stands twice", "keep one value a month")


def _size_faults(plan: Plan, place: _Place) -> Faults:
    """A bound that the plan's own numbers break, or that bounds nothing."""
    indicator, sizes = place.indicator, place.indicator.sizes
    largest = max((target.value for target in indicator.targets if target.value is not None), default=None)
    for key in ("most_of_target", "least_of_target"):
        if getattr(sizes, key) is not None and largest is None:
            yield place.fault(("sizes", key), "there is no target to be a multiple of", "bound it by exists instead")
    if sizes.exists is None:
        return
    location = ("sizes", "exists", "value")
    if "cumulative" in indicator.fields_owed and largest is not None and sizes.exists.value < largest:
        problem = f"there are {sizes.exists.value.normalize():f} and the target is {largest.normalize():f}"
        yield place.fault(location, problem, "correct one of them")
    registers = {register.code: register for register in plan.registers}
    register = registers.get(indicator.register_code or "")
    if register is not None and register.members is not None:
        problem = f"the register {register.code!r} tells how many there are"
        yield place.fault(("sizes", "exists"), problem, "take it out")


_INDICATOR_CHECKS: tuple[Callable[[Plan, _Place], Faults], ...] = (
    _code_faults,
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
                remedy = "write the code of an item or indicator, or plan"
                yield folder.readings.document.fault(location, f"{code!r} is not in this plan", remedy)


def _waiver_faults(plan: Plan, folder: Folder) -> Faults:
    """Whether the rule exists and may be waived is held against the rule files by ``plan check``."""
    document = folder.waivers.document
    units = {unit.code for unit in plan.units}
    indicators = {indicator.code for indicator in plan.indicators}
    for index, waiver in enumerate(plan.waivers):
        if waiver.unit not in units:
            yield document.fault((index, "unit"), f"{waiver.unit!r} is no unit of this plan", near(waiver.unit, units))
        if waiver.indicator is not None and waiver.indicator not in indicators:
            problem = f"{waiver.indicator!r} is no indicator of this plan"
            yield document.fault((index, "indicator"), problem, near(waiver.indicator, indicators))
        if waiver.valid_to < waiver.valid_from:
            yield document.fault((index, "valid_to"), "the months end before they begin", "swap the two months")
        if waiver.expires_on < waiver.decided_on:
            yield document.fault((index, "expires_on"), "it expires before it was decided", "swap the two days")
