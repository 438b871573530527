"""What a plan may not say because it means nothing: a kind that its basis cannot judge, a date of another year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from minsheng.core.codes import Kind, ProgressBasis
from minsheng.core.contracts import Document, Location, near
from minsheng.core.errors import UserError
from minsheng.plan.folder import Folder
from minsheng.plan.indicators import Indicator
from minsheng.plan.models import Plan
from minsheng.words.chinese import chinese

Faults = Iterator[UserError]

# Which ways of judging go with a kind (docs/adr/0031); plans/README.md has the same table for the plan's author.
BASES: Mapping[Kind, tuple[ProgressBasis, ...]] = {
    "flow": ("linear_month", "node_plan"),
    "stock": ("level_vs_target", "level_vs_target_with_base", "node_plan"),
    "ratio": ("rate_gap", "level_vs_target", "node_plan"),
    "coverage": ("node_plan", "level_vs_target"),
    "milestone": ("node_plan",),
    "trend": ("trend_vs_same_period",),
}
_PERCENT = "%"


def faults(plan: Plan, folder: Folder) -> Faults:
    """Everything of the kind in a plan whose files are each sound."""
    if not plan.plan_id.endswith(f"-{plan.year}"):
        document = folder.header.document
        yield document.fault(("plan_id",), "plan_id_of_other_year", plan_id=plan.plan_id, year=plan.year)
    for part in folder.items:
        for index, indicator in enumerate(part.value.indicators):
            yield from _judging_faults(indicator, part.document, ("indicators", index))
            yield from _target_faults(plan, indicator, part.document, ("indicators", index, "targets"))
    yield from _reading_faults(plan, folder.readings.document)
    yield from _closure_faults(plan, folder.closures.document)


def _judging_faults(indicator: Indicator, document: Document, here: Location) -> Faults:
    """What the kind cannot be judged by, and nodes that nothing is judged by."""
    kind, basis = indicator.kind, indicator.progress_basis
    if basis not in BASES[kind]:
        location, word, bases = (*here, "progress_basis"), chinese().kind[kind], BASES[kind]
        yield document.fault(location, "basis_cannot_judge", kind=word, basis=basis, allowed=bases)
    if kind == "ratio" and indicator.unit_of_measure != _PERCENT:
        yield document.fault((*here, "unit_of_measure"), "ratio_not_in_percent", unit=indicator.unit_of_measure)
    if indicator.nodes and basis != "node_plan":
        yield document.fault((*here, "nodes"), "nodes_unused", basis=basis)


def _target_faults(plan: Plan, indicator: Indicator, document: Document, here: Location) -> Faults:
    """A target of another plan: of its document, or of its year."""
    first, own = indicator.targets[0].document_no, plan.document_no
    if first != own:
        yield document.fault((*here, 0, "document_no"), "document_of_other_plan", document_no=first, own=own)
    for number, target in enumerate(indicator.targets):
        begins = target.valid_from
        if begins[:4] != str(plan.year):
            location = (*here, number, "valid_from")
            yield document.fault(location, "month_outside_year", valid_from=begins, year=plan.year)


def _reading_faults(plan: Plan, document: Document) -> Faults:
    for index, reading in enumerate(plan.readings):
        if reading.valid_from.year != plan.year:
            location, day = (index, "valid_from"), reading.valid_from
            yield document.fault(location, "reading_of_other_year", day=day, year=plan.year)


def _closure_faults(plan: Plan, document: Document) -> Faults:
    """What is closed must be promised here, and is closed once."""
    codes = [indicator.code for indicator in plan.indicators]
    closed: set[str] = set()
    for index, closure in enumerate(plan.closures):
        code, location = closure.indicator, (index, "indicator")
        if code not in codes:
            yield document.fault(location, "indicator_not_in_plan", code=code, near=near(code, codes))
        if code in closed:
            yield document.fault(location, "closed_twice", code=code)
        if closure.closed_on.year < plan.year:
            yield document.fault((index, "closed_on"), "closed_before_year", day=closure.closed_on, year=plan.year)
        closed.add(code)
