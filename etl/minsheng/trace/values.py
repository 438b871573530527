"""Which cells of a file the values of an indicator were taken from, and whether they are the values counted."""

from __future__ import annotations

from collections.abc import Iterator

from minsheng.trace.judgement import MemberValue
from minsheng.trace.model import Cell, Trace

_OF_PARTS = ("ratio", "coverage")


def counted_fields(trace: Trace) -> tuple[str, ...]:
    """The fields of a cell that the indicator's value is made of."""
    yardstick = trace.yardstick
    if yardstick.register_scope is not None:
        return ("value",)
    if yardstick.kind in _OF_PARTS:
        return ("numerator",) if yardstick.fixed_denominator is not None else ("numerator", "denominator")
    return ("cumulative",) if yardstick.kind == "stock" else ("month", "cumulative")


def member_cell(trace: Trace, member: MemberValue) -> Cell | None:
    """Where the figure's file gives a number for a member; null: nowhere."""
    cells = trace.cells_of(trace.figure["submission_id"])
    return next((cell for cell in cells if _is_of(cell, member) and cell.number is not None), None)


def differing_cells(trace: Trace) -> list[str]:
    """The counted cells of the figure's file whose number is not the one counted, by their place."""
    if trace.source is None:
        return []
    return list(_of_members(trace) if trace.yardstick.register_scope else _of_row(trace))


def _of_row(trace: Trace) -> Iterator[str]:
    counted = trace.values[trace.figure["submission_id"]]
    for cell in trace.cells_of(trace.figure["submission_id"]):
        is_counted = cell.section == "report" and cell.field in counted_fields(trace)
        if is_counted and cell.number != getattr(counted, cell.field):
            yield cell.place


def _of_members(trace: Trace) -> Iterator[str]:
    for member in trace.member_values:
        cell = member_cell(trace, member)
        if (cell.number if cell else 0) != member.value:
            yield cell.place if cell else member.name


def _is_of(cell: Cell, member: MemberValue) -> bool:
    return cell.field == "value" and cell.member_code == member.code
