"""What completion means, a second time: plain Python on exact fractions, written from the rules, not from the SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

LIGHTS = {
    "DONE": "blue", "AHEAD": "green", "ON_TRACK": "green", "BEHIND": "yellow", "FAR_BEHIND": "red",
    "NOT_DONE": "red", "IN_PROGRESS": "grey", "NOT_REPORTED": "grey", "NO_BASIS": "grey",
}  # fmt: skip


@dataclass(frozen=True)
class Promise:
    """What was promised, as it is in force in the month judged; ``target`` is last year's value for a trend."""

    kind: str
    comparator: str
    progress_basis: str
    polarity: str
    target: Fraction | None
    base: Fraction | None
    nodes: tuple[tuple[int, Fraction], ...]
    is_register_missing: bool
    may_fall: bool
    deadline_month: int
    thresholds: Mapping[str, Fraction]

    @property
    def sign(self) -> int:
        """1 where more is better, -1 where less is."""
        return 1 if self.polarity == "higher_better" else -1


@dataclass(frozen=True)
class Judgement:
    """Status, and the two figures shown with it; null where there is none."""

    status: str
    completion: Fraction | None = None
    gap: Fraction | None = None


def judge(promise: Promise, month: int, counted: Fraction | None, whole: Fraction | None) -> Judgement:
    """Judge one month; ``counted`` over ``whole`` is the value (``whole`` is 1 for what is no rate)."""
    target = promise.target
    if counted is None or not whole or target is None or not _can_be_judged(promise, target):
        return Judgement("NO_BASIS")
    value = counted / whole
    gap = _gap(promise, target, value, month)
    return Judgement(_status(promise, target, value, month, gap), _completion(promise, target, value), gap)


Value = tuple[Fraction | None, Fraction | None]


def judge_silence(promise: Promise, month: int, said_at: int, said: Value) -> Judgement:
    """Judge a frozen month of which nothing came by what was ``said`` last, in month ``said_at`` (0: never)."""
    target = promise.target
    if month < promise.deadline_month or target is None or not _can_be_judged(promise, target):
        return Judgement("NOT_REPORTED")
    counted, whole = said
    if counted is None or not whole:
        return Judgement("NOT_DONE")
    is_final = said_at >= promise.deadline_month or not _can_be_lost(promise)
    return Judgement("DONE" if is_final and _is_met(promise, target, counted / whole) else "NOT_DONE")


def _is_met(promise: Promise, target: Fraction, value: Fraction) -> bool:
    surplus = (value - target) * promise.sign
    return surplus > 0 or (surplus == 0 and promise.comparator not in ("gt", "gt_last_year"))


def _can_be_judged(promise: Promise, target: Fraction) -> bool:
    if promise.is_register_missing:
        return False
    return target > 0 or (target == 0 and promise.sign < 0 and promise.kind != "trend")


def _completion(promise: Promise, target: Fraction, value: Fraction) -> Fraction:
    if promise.sign > 0:
        return value / target
    return target / value if value else Fraction(1)


def _gap(promise: Promise, target: Fraction, value: Fraction, month: int) -> Fraction | None:
    """Percentage points: a rate against its target, anything with a way to go against the months gone by."""
    if _is_judged_by_rate(promise):
        return (value - target) * promise.sign * 100
    start = _start(promise)
    if start is None or (target - start) * promise.sign <= 0:
        return None
    return ((value - start) / (target - start) - Fraction(month, 12)) * 100


def _is_judged_by_rate(promise: Promise) -> bool:
    return promise.progress_basis == "rate_gap" or (
        promise.progress_basis == "level_vs_target" and promise.kind == "ratio"
    )


def _start(promise: Promise) -> Fraction | None:
    if promise.progress_basis == "linear_month" and promise.sign > 0:
        return Fraction(0)
    return promise.base if promise.progress_basis == "level_vs_target_with_base" else None


def _status(promise: Promise, target: Fraction, value: Fraction, month: int, gap: Fraction | None) -> str:
    is_over = month >= promise.deadline_month
    if _is_met(promise, target, value):
        return "DONE" if is_over or not _can_be_lost(promise) else "ON_TRACK"
    if is_over:
        return "NOT_DONE"
    if gap is not None:
        return _status_of_gap(promise, gap)
    if promise.progress_basis == "trend_vs_same_period":
        return "BEHIND"
    return _status_of_nodes(promise, value, month) if promise.progress_basis == "node_plan" else "IN_PROGRESS"


def _can_be_lost(promise: Promise) -> bool:
    """A rate, a trend, a ceiling and a level that may fall are met in May and may be missed in June."""
    return (
        promise.may_fall
        or promise.kind == "ratio"
        or promise.progress_basis in ("rate_gap", "trend_vs_same_period")
        or promise.polarity == "lower_better"
    )


def _status_of_gap(promise: Promise, gap: Fraction) -> str:
    floors = promise.thresholds
    if _is_judged_by_rate(promise):
        return "BEHIND" if gap >= floors["rate_yellow_pp"] else "FAR_BEHIND"
    for status, floor in (("AHEAD", "ahead_pp"), ("ON_TRACK", "green_floor_pp"), ("BEHIND", "red_floor_pp")):
        if gap >= floors[floor]:
            return status
    return "FAR_BEHIND"


def _status_of_nodes(promise: Promise, value: Fraction, month: int) -> str:
    if promise.nodes:
        due = (node for due_month, node in promise.nodes if due_month <= month)
        return "ON_TRACK" if all((value - node) * promise.sign >= 0 for node in due) else "BEHIND"
    if month >= promise.thresholds["node_red_month"]:
        return "NOT_DONE"
    return "BEHIND" if month >= promise.thresholds["node_yellow_month"] else "IN_PROGRESS"
