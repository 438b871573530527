"""What an auditor would check on the way, checked: hashes taken anew, figures computed anew."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isclose

from minsheng.trace import words
from minsheng.trace.arithmetic import Sum
from minsheng.trace.model import Trace
from minsheng.words import display

# A published ratio is a double; what is exact here differs from it in the last digits at most.
_RELATIVE, _ABSOLUTE = 1e-12, 1e-9


@dataclass(frozen=True)
class Confirmation:
    """One comparison, what came of it, and whether it is as it should be."""

    label: str
    result: str
    is_good: bool


def checks(trace: Trace, worked: Sum) -> tuple[Confirmation, ...]:
    """All comparisons that apply."""
    found = [_publication(trace), *_original(trace), _plan(trace)]
    figure = trace.figure
    found.append(_figure("实际完成", worked.actual, figure["actual_value"]))
    found.append(_figure("完成率", worked.completion, figure["completion_ratio"]))
    found.append(_figure("差距（百分点）", worked.gap_pp, figure["gap_pp"]))
    found.append(_status(trace, worked))
    return tuple(found)


def _publication(trace: Trace) -> Confirmation:
    stamp = trace.stamp
    result = "重新计算的 sha256 与发布清单一致" if stamp.is_intact else f"文件已被改动，现为 {stamp.found_sha256}"
    return Confirmation("发布文件", result, stamp.is_intact)


def _original(trace: Trace) -> list[Confirmation]:
    if trace.source is None or trace.original is None:
        return []
    found = trace.original.found_sha256
    if found is None:
        return [Confirmation("报表原件", "原件区里已没有这份文件，无法核对", False)]
    if found != trace.source.sha256:
        return [Confirmation("报表原件", f"原件已被改动，现为 {found}", False)]
    return [Confirmation("报表原件", "原件仍在，重新计算的 sha256 与收件时一致", True)]


def _plan(trace: Trace) -> Confirmation:
    is_same = trace.stamp.plan_sha256 == trace.yardstick.plan_sha256
    return Confirmation("工作方案", "与发布时相同" if is_same else "发布之后方案有改动，以下按现行方案列示", is_same)


def _figure(label: str, exact: Fraction | None, published: Decimal | float | None) -> Confirmation:
    if exact is None or published is None:
        is_same = exact is None and published is None
        result = "没有数，发布的也没有" if is_same else _differs(exact, published)
        return Confirmation(label, result, is_same)
    is_same = isclose(float(exact), float(published), rel_tol=_RELATIVE, abs_tol=_ABSOLUTE)
    return Confirmation(label, "由单元格重算，与发布的一致" if is_same else _differs(exact, published), is_same)


def _differs(exact: Fraction | None, published: Decimal | float | None) -> str:
    return f"由单元格重算为 {words.number(exact)}，发布的是 {display.quantity(published)}"


def _status(trace: Trace, worked: Sum) -> Confirmation:
    code = worked.ruling.status_code
    if code == trace.figure["status_code"]:
        return Confirmation("状态", "按方案阈值重新判定，与发布的一致", is_good=True)
    return Confirmation("状态", f"重新判定为 {code}，发布的是 {trace.figure['status_code']}", is_good=False)
