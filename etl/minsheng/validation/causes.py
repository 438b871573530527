"""Which faults follow from which: what a rule explains stands in its YAML, where it reaches follows from its fact.

A fault that follows stays a finding of its own; whoever is told of the faults is told of its cause (docs/adr/0037).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, get_args

from minsheng.core.codes import Severity
from minsheng.validation.finding import Finding

if TYPE_CHECKING:
    from minsheng.validation.findings import FoundFault

_WEIGHT: Mapping[str, int] = {severity: number for number, severity in enumerate(get_args(Severity))}


@dataclass(frozen=True)
class ToldOnce:
    """What is told once: a fault, and those that follow from it."""

    finding: Finding
    follows: tuple[Finding, ...] = ()


def with_causes(found: Sequence[FoundFault]) -> list[Finding]:
    """The findings of one file, in their order, each with the fault that explains it."""
    cause_of: dict[int, int] = {}
    for number, cause in enumerate(found):
        for other, effect in enumerate(found):
            if other not in cause_of and _root(cause_of, number) != other and _explains(cause, effect):
                cause_of[other] = number
    return [_explained(found, number, _root(cause_of, number)) for number in range(len(found))]


def told_once(findings: Iterable[Finding]) -> tuple[ToldOnce, ...]:
    """Every fault that nothing explains, in the order given, with what follows from it."""
    listed = list(findings)
    causes = {one.reference for one in listed if one.explained_by is None}
    follows: dict[str, list[Finding]] = {}
    for one in listed:
        if one.explained_by in causes:
            follows.setdefault(one.explained_by, []).append(one)
    alone = (one for one in listed if one.explained_by not in causes)
    return tuple(ToldOnce(one, tuple(follows.pop(one.reference, ()))) for one in alone)


def _root(cause_of: Mapping[int, int], number: int) -> int:
    while number in cause_of:
        number = cause_of[number]
    return number


def _explained(found: Sequence[FoundFault], number: int, root: int) -> Finding:
    finding = found[number].finding
    return finding if number == root else replace(finding, explained_by=found[root].finding.reference)


def _explains(cause: FoundFault, other: FoundFault) -> bool:
    """Whether the other fault goes when this one is mended."""
    is_weighty = _WEIGHT[cause.finding.severity] <= _WEIGHT[other.finding.severity]
    return cause is not other and is_weighty and other.rule.code in cause.rule.explains and _reaches(cause, other.fact)


def _reaches(cause: FoundFault, fact: Mapping[str, Any]) -> bool:
    """A fault of a line reaches its line, and the one it was swapped with; any other the whole file."""
    own = cause.fact
    if own["indicator_name"] is None:
        named = own["written_name"]
        return named is None or fact["row_no"] is not None or named == fact["indicator_name"]
    if own["sheet_name"] != fact["sheet_name"]:
        return False
    if fact["row_no"] is None:
        return bool(own["indicator_code"] == fact["indicator_code"])
    return fact["row_no"] in (own["row_no"], own["swapped_row_no"])
