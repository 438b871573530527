"""What must agree about an indicator: with its item, its units, its register and itself, in each of its versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from minsheng.core.contracts import Document, Location, allowed, near
from minsheng.core.errors import UserError
from minsheng.plan.folder import Folder
from minsheng.plan.indicators import Indicator, Item
from minsheng.plan.models import Plan
from minsheng.plan.obligations import line_of_succession
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


def indicator_faults(plan: Plan, folder: Folder) -> Faults:
    """What is wrong with each indicator, and, where nothing is, with what its changes make of it."""
    for place in _places(folder):
        found = [fault for check in (_code_faults, *_CHECKS) for fault in check(plan, place)]
        yield from found or _version_faults(plan, place)


def _places(folder: Folder) -> Iterator[_Place]:
    for part in folder.items:
        for index, indicator in enumerate(part.value.indicators):
            yield _Place(indicator, part.value, part.document, index)


def _version_faults(plan: Plan, place: _Place) -> Faults:
    """What is asked of an indicator is asked of it as each of its changes leaves it."""
    for n, change in enumerate(place.indicator.changes):
        version = replace(place, indicator=place.indicator.at(change.valid_from), change=("changes", n))
        for check in _CHECKS:
            yield from check(plan, version)


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


_CHECKS: tuple[Callable[[Plan, _Place], Faults], ...] = (
    _lead_faults,
    _relation_faults,
    _register_faults,
    _kind_faults,
    _target_faults,
    _size_faults,
    _date_faults,
)
