"""What must hold of everything in a plan that has a date: in order, in the plan's year, and of something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from minsheng.core.contracts import Document, Location, near
from minsheng.core.errors import UserError
from minsheng.core.period import Period
from minsheng.plan.dated import Dated, changeable
from minsheng.plan.folder import Folder
from minsheng.plan.indicators import IndicatorChange
from minsheng.plan.models import Plan
from minsheng.plan.units import Member

Faults = Iterator[UserError]


def change_faults(plan: Plan, folder: Folder) -> Faults:
    """Of the plan, its items, their indicators, and the members of its registers."""
    yield from _list_faults(plan, folder.header.document, ("changes",), plan.changes)
    yield from _month_faults(plan, folder.header.document, ("signed_from",), plan.signed_from)
    for part in folder.items:
        yield from _list_faults(plan, part.document, ("changes",), part.value.changes)
        yield from _supporter_faults(plan, part.document, [change.supporting_units for change in part.value.changes])
        for index, indicator in enumerate(part.value.indicators):
            place = ("indicators", index, "changes")
            yield from _list_faults(plan, part.document, place, indicator.changes)
            for n, change in enumerate(indicator.changes):
                yield from _lead_faults(plan, part.document, (*place, n, "lead_unit"), change)
    yield from _erratum_faults(plan, folder.errata.document)
    for register in folder.registers:
        for n, member in enumerate(register.value.members or ()):
            yield from _member_faults(plan, register.document, ("members", n), member)


def _list_faults(plan: Plan, document: Document, place: Location, changes: Sequence[Dated]) -> Faults:
    for n, change in enumerate(changes):
        keys = changeable(change)
        if all(getattr(change, key) is None for key in keys):
            yield document.fault((*place, n), "change_of_nothing", keys="、".join(keys))
        yield from _month_faults(plan, document, (*place, n, "valid_from"), change.valid_from)
    if any(earlier.valid_from >= later.valid_from for earlier, later in pairwise(changes)):
        yield document.fault(place, "changes_unordered")


def _month_faults(plan: Plan, document: Document, place: Location, month: str | None) -> Faults:
    if month is not None and int(month[:4]) != plan.year:
        yield document.fault(place, "month_outside_year", valid_from=month, year=plan.year)


def _lead_faults(plan: Plan, document: Document, place: Location, change: IndicatorChange) -> Faults:
    units = {unit.code: unit for unit in plan.units}
    if change.lead_unit is None:
        return
    unit = units.get(change.lead_unit)
    if unit is None:
        yield document.fault(place, "unit_not_in_plan", unit=change.lead_unit, near=near(change.lead_unit, units))
        return
    month = Period.parse(change.valid_from)
    if unit.valid_from >= month.next.first_day or (unit.valid_to is not None and unit.valid_to < month.first_day):
        yield document.fault(place, "lead_not_there", unit=unit.code, month=month)


def _supporter_faults(plan: Plan, document: Document, lists: Sequence[tuple[str, ...] | None]) -> Faults:
    units = {unit.code for unit in plan.units}
    for n, codes in enumerate(lists):
        for index, code in enumerate(codes or ()):
            if code not in units:
                place = ("changes", n, "supporting_units", index)
                yield document.fault(place, "unit_not_in_plan", unit=code, near=near(code, units))


def _member_faults(plan: Plan, document: Document, place: Location, member: Member) -> Faults:
    begins, ends = member.valid_from, member.valid_to
    yield from _month_faults(plan, document, (*place, "valid_from"), begins)
    yield from _month_faults(plan, document, (*place, "valid_to"), ends)
    if begins and ends and ends < begins:
        yield document.fault(place, "member_reversed", name=member.name)
    if (begins or ends) and not member.document_no:
        yield document.fault(place, "member_undocumented", name=member.name)


def _erratum_faults(plan: Plan, document: Document) -> Faults:
    """Each under a number of its own, of months of this plan and of indicators it has."""
    codes = [indicator.code for indicator in plan.indicators]
    numbers = [erratum.code for erratum in plan.errata]
    for n, erratum in enumerate(plan.errata):
        if erratum.code in numbers[:n]:
            yield document.fault((n, "code"), "code_taken", code=erratum.code, file=document.name)
        for key, month in (("valid_from", erratum.valid_from), ("valid_to", erratum.valid_to)):
            yield from _month_faults(plan, document, (n, key), month)
        if erratum.valid_to < erratum.valid_from:
            yield document.fault((n, "valid_to"), "erratum_reversed")
        for index, code in enumerate(erratum.indicators):
            if code not in codes:
                place = (n, "indicators", index)
                yield document.fault(place, "indicator_not_in_plan", code=code, near=near(code, codes))
