"""What an auditor would check on the way, checked: hashes taken anew, each figure held against the one before it.

The cells against the values counted, the published row against the judgement made of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isclose

from minsheng.trace.model import Stamp, Trace
from minsheng.trace.values import differing_cells
from minsheng.words import display
from minsheng.words.chinese import chinese

_CHANGED = "发布之后方案有改动，以下按现行方案列示"
_RELATIVE, _ABSOLUTE = 1e-12, 1e-9


@dataclass(frozen=True)
class Confirmation:
    """One comparison, what came of it, and whether it is as it should be."""

    label: str
    result: str
    is_good: bool


def checks(trace: Trace) -> tuple[Confirmation, ...]:
    """All comparisons that apply; what a bulletin says is not held against a plan that has changed since."""
    is_same_plan = trace.stamp.plan_sha256 == trace.yardstick.plan_sha256
    judged = _judged(trace) if is_same_plan or not trace.stamp.is_issued else ()
    return publication(trace.stamp), *_original(trace), _plan(trace.stamp, is_same_plan), *_cells(trace), *judged


def publication(stamp: Stamp) -> Confirmation:
    """Whether the database that was published is still what it was."""
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


def _plan(stamp: Stamp, is_same: bool) -> Confirmation:
    changed = "印发之后方案有改动，不再比较判定；以下按现行方案列示" if stamp.is_issued else _CHANGED
    return Confirmation("工作方案", "与发布时相同" if is_same else changed, is_same or stamp.is_issued)


def _judged(trace: Trace) -> tuple[Confirmation, ...]:
    judged, figure = trace.judgement, trace.figure
    return (
        _figure("实际完成", judged.actual_value if judged else None, figure["actual_value"]),
        _figure("完成率", judged.completion_ratio if judged else None, figure["completion_ratio"]),
        _figure("差距（百分点）", judged.gap_pp if judged else None, figure["gap_pp"]),
        _status(trace),
    )


def _cells(trace: Trace) -> list[Confirmation]:
    if trace.source is None:
        return []
    differing = differing_cells(trace)
    result = f"与计入的数不同：{'、'.join(differing)}" if differing else "计入的各单元格与所计的数一致"
    return [Confirmation("单元格", result, not differing)]


def _figure(label: str, judged: float | None, published: float | None) -> Confirmation:
    """Both were divided by the same SQL, perhaps by two versions of the engine: the last digits may differ."""
    if judged is None or published is None:
        is_same = judged is None and published is None
        return Confirmation(label, "没有数，发布的也没有" if is_same else _differs(judged, published), is_same)
    is_same = isclose(judged, published, rel_tol=_RELATIVE, abs_tol=_ABSOLUTE)
    return Confirmation(label, "与判定所得的一致" if is_same else _differs(judged, published), is_same)


def _differs(judged: float | None, published: float | None) -> str:
    return f"判定所得为 {display.quantity(judged)}，发布的是 {display.quantity(published)}"


def _status(trace: Trace) -> Confirmation:
    if trace.judgement is None:
        is_good = trace.figure["status_code"] in ("NOT_REPORTED", "NOT_DONE", "DONE", "CLOSED")
        return Confirmation("状态", "没有报送，状态按没有报送的规则给出", is_good)
    code = trace.judgement.status_code
    if code == trace.figure["status_code"]:
        return Confirmation("状态", "与按方案阈值判定的一致", is_good=True)
    return Confirmation(
        "状态", f"判定为{chinese().status_code[code]}，发布的是{trace.figure['status_label']}", is_good=False
    )
