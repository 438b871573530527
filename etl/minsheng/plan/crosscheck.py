"""What must agree between the files of a plan, and what a single key's contract cannot say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import PurePosixPath

from minsheng.core.clock import ZONE_NAME
from minsheng.core.contracts import Document, Location, near
from minsheng.core.errors import UserError
from minsheng.plan.calendar_check import calendar_faults
from minsheng.plan.changes import change_faults
from minsheng.plan.folder import Folder
from minsheng.plan.indicator_check import indicator_faults
from minsheng.plan.indicators import Item
from minsheng.plan.models import Plan
from minsheng.plan.unit_check import no_unit, unit_faults

Faults = Iterator[UserError]


def faults(plan: Plan, folder: Folder) -> Faults:
    """All disagreements of a plan whose files are each sound."""
    yield from _repeated_codes(folder)
    yield from _header_faults(plan, folder)
    yield from calendar_faults(plan, folder)
    yield from unit_faults(folder)
    for part in folder.items:
        yield from _item_faults(plan, part.value, part.document)
    yield from indicator_faults(plan, folder)
    yield from change_faults(plan, folder)
    yield from _reading_faults(plan, folder)
    yield from _waiver_faults(plan, folder)


def _repeated_codes(folder: Folder) -> Faults:
    """Each list of codes by itself: items, item numbers, indicators, units, registers, readings."""
    items, registers = folder.items, folder.registers
    units, readings = folder.units, folder.readings
    yield from _repeated((part.value.code, part.document, ("code",)) for part in items)
    yield from _repeated((part.value.number, part.document, ("number",)) for part in items)
    yield from _repeated(
        (one.code, part.document, ("indicators", n, "code"))
        for part in items
        for n, one in enumerate(part.value.indicators)
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


def _item_faults(plan: Plan, item: Item, document: Document) -> Faults:
    if PurePosixPath(document.name).stem != item.code:
        yield document.fault(("code",), "item_in_other_file", code=item.code)
    units = {unit.code for unit in plan.units}
    for key, codes in (("lead_units", item.lead_units), ("supporting_units", item.supporting_units)):
        for index, code in enumerate(codes):
            if code not in units:
                yield no_unit(document, (key, index), code, units)
    for index, code in enumerate((*item.lead_units, *item.supporting_units)):
        if code in (*item.lead_units, *item.supporting_units)[:index]:
            yield document.fault(("supporting_units",), "unit_twice", unit=code, item=item.code)
    if item.takes_contributions and not any(indicator.takes_contributions for indicator in item.indicators):
        yield document.fault(("takes_contributions",), "contributions_nowhere")


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
            yield no_unit(document, (index, "unit"), waiver.unit, units)
        if waiver.indicator is not None and waiver.indicator not in indicators:
            hint = near(waiver.indicator, indicators)
            yield document.fault((index, "indicator"), "indicator_not_in_plan", code=waiver.indicator, near=hint)
        if waiver.valid_to < waiver.valid_from:
            yield document.fault((index, "valid_to"), "waiver_months_reversed")
        if waiver.expires_on < waiver.decided_on:
            yield document.fault((index, "expires_on"), "waiver_expired_before")
