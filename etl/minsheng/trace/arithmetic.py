"""The published figure computed once more, by hand as it were: exact fractions, rounded only when written.

Nothing here is published. It is a second way to the same figures, so that the two can be compared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from minsheng.trace.model import Trace, Yardstick
from minsheng.trace.values import Values, parts, read_values
from minsheng.trace.words import points

_YEAR = 12


@dataclass(frozen=True)
class Ruling:
    """A status and the rule that gave it."""

    status_code: str
    rule: str


@dataclass(frozen=True)
class Sum:
    """Everything that follows from the values one file gives, exact. Null where the published figure is null too."""

    yardstick: Yardstick
    comparator: str
    values: Values

    @property
    def is_reported(self) -> bool:
        """Whether anything was given at all."""
        values = (self.values.month, self.values.cumulative, self.values.numerator)
        return any(value is not None for value in values)

    @cached_property
    def numerator(self) -> Fraction | None:
        """What is held against the target."""
        return _exact(parts(self.yardstick, self.values)[0])

    @cached_property
    def denominator(self) -> Fraction | None:
        """What a rate is divided by; 1 for anything else."""
        return _exact(parts(self.yardstick, self.values)[1])

    @property
    def actual(self) -> Fraction | None:
        """The actual value."""
        return self.numerator / self.denominator if self.numerator is not None and self.denominator else None

    @property
    def reference(self) -> Fraction | None:
        """The target, or last year's value."""
        return _exact(self.yardstick.reference)

    @property
    def is_lower_better(self) -> bool:
        """Whether less is better."""
        return self.yardstick.polarity == "lower_better"

    @property
    def is_strict(self) -> bool:
        """Whether reaching the target exactly is not enough."""
        return self.comparator in ("gt", "gt_last_year")

    @property
    def is_judged_by_rate(self) -> bool:
        """Whether the gap is taken to the target itself, not to the time that has passed."""
        basis = self.yardstick.progress_basis
        return basis == "rate_gap" or (basis == "level_vs_target" and self.yardstick.kind == "ratio")

    @property
    def is_revocable(self) -> bool:
        """Whether what is met today can be lost again, so that it is done only when its time is over."""
        is_of_now = self.yardstick.progress_basis in ("rate_gap", "trend_vs_same_period")
        return self.yardstick.kind == "ratio" or is_of_now or self.is_lower_better

    @property
    def has_basis(self) -> bool:
        """Whether there is something to judge, and something to judge it by."""
        register_lacks = self.yardstick.is_register_known is False
        return self.actual is not None and self._has_reference and not register_lacks

    @property
    def _has_reference(self) -> bool:
        may_be_zero = self.is_lower_better and self.comparator != "gt_last_year"
        return self.reference is not None and (self.reference > 0 or (may_be_zero and self.reference == 0))

    @property
    def surplus(self) -> Fraction:
        """By how much the actual value is better than the target; only with a basis."""
        assert self.actual is not None and self.reference is not None
        return self.reference - self.actual if self.is_lower_better else self.actual - self.reference

    @property
    def is_met(self) -> bool:
        """Whether the comparator holds."""
        return self.surplus > 0 if self.is_strict else self.surplus >= 0

    @property
    def completion(self) -> Fraction | None:
        """The completion ratio."""
        if not self.has_basis or self.actual is None or self.reference is None:
            return None
        if not self.is_lower_better:
            return self.actual / self.reference
        return self.reference / self.actual if self.actual else Fraction(1)

    @property
    def start(self) -> Fraction | None:
        """Where the way to the target begins; null: the kind is not judged by how far it has come."""
        if self.yardstick.progress_basis == "linear_month" and not self.is_lower_better:
            return Fraction(0)
        return _exact(self.yardstick.base_value) if self.yardstick.progress_basis.endswith("with_base") else None

    @property
    def way(self) -> Fraction | None:
        """The share of the way from start to target that is done; null: there is no way to go."""
        if self.start is None or self.actual is None or self.reference is None or self.reference == self.start:
            return None
        is_ahead = self.start > self.reference if self.is_lower_better else self.reference > self.start
        return (self.actual - self.start) / (self.reference - self.start) if is_ahead else None

    @property
    def is_node_met(self) -> bool:
        """Whether the nodes that are due are reached; only with a basis."""
        due = _exact(self.yardstick.due_node_value)
        if due is None:
            return True
        assert self.actual is not None
        return self.actual <= due if self.is_lower_better else self.actual >= due

    @property
    def time_progress(self) -> Fraction:
        """The share of the year that has passed."""
        return Fraction(self.yardstick.month_no, _YEAR)

    @property
    def gap_pp(self) -> Fraction | None:
        """Percentage points to the target (rates), or to the time that has passed."""
        if not self.has_basis:
            return None
        if self.is_judged_by_rate:
            return self.surplus * 100
        return None if self.way is None else (self.way - self.time_progress) * 100

    @property
    def ruling(self) -> Ruling:
        """The status, and why."""
        if not self.is_reported:
            return Ruling("NOT_REPORTED", "没有已接收的数")
        if not self.has_basis:
            return Ruling("NO_BASIS", "缺少判定的依据")
        if self.is_met:
            return self._met()
        if self.yardstick.is_deadline_reached:
            return Ruling("NOT_DONE", "期限已到，目标没有达到")
        return self._by_basis()

    def _met(self) -> Ruling:
        if self.yardstick.is_deadline_reached or not self.is_revocable:
            return Ruling("DONE", "目标已达到")
        return Ruling("ON_TRACK", "目标目前已达到；这类指标还会升降，到期限时仍达到才算完成")

    def _by_basis(self) -> Ruling:
        if self.way is not None:
            return self._by_pace()
        if self.is_judged_by_rate:
            return self._by_rate()
        by_basis: dict[str, Callable[[], Ruling]] = {
            "trend_vs_same_period": lambda: Ruling("BEHIND", "不高于上年同期"),
            "node_plan": self._by_nodes,
        }
        undecided = Ruling("IN_PROGRESS", "没有基数，无法与序时进度比较，暂不判定快慢")
        return by_basis.get(self.yardstick.progress_basis, lambda: undecided)()

    def _by_pace(self) -> Ruling:
        gap, limits = self.gap_pp, self.yardstick
        assert gap is not None
        ahead, green, red = map(points, (limits.ahead_pp, limits.green_floor_pp, limits.red_floor_pp))
        if gap >= limits.ahead_pp:
            return Ruling("AHEAD", f"差距不低于 {ahead}")
        if gap >= limits.green_floor_pp:
            return Ruling("ON_TRACK", f"差距不低于 {green}，低于 {ahead}")
        if gap >= limits.red_floor_pp:
            return Ruling("BEHIND", f"差距不低于 {red}，低于 {green}")
        return Ruling("FAR_BEHIND", f"差距低于 {red}")

    def _by_rate(self) -> Ruling:
        floor = self.yardstick.rate_yellow_pp
        if self.surplus * 100 >= floor:
            return Ruling("BEHIND", f"未达目标，差距不低于 {points(floor)}")
        return Ruling("FAR_BEHIND", f"未达目标，差距低于 {points(floor)}")

    def _by_nodes(self) -> Ruling:
        limits = self.yardstick
        if limits.node_count and self.is_node_met:
            return Ruling("ON_TRACK", "到期的节点都已完成")
        if limits.node_count:
            return Ruling("BEHIND", "有到期的节点没有完成")
        if limits.month_no >= limits.node_red_month:
            return Ruling("NOT_DONE", f"没有商定节点，{limits.node_red_month} 月起未达目标")
        if limits.month_no >= limits.node_yellow_month:
            return Ruling("BEHIND", f"没有商定节点，{limits.node_yellow_month} 月起未达目标")
        return Ruling("IN_PROGRESS", f"没有商定节点，{limits.node_yellow_month} 月以前不判定快慢")


def work_out(trace: Trace) -> Sum:
    """The figure of a trace from the cells of its file."""
    cells = trace.cells_of(trace.source.submission_id) if trace.source else ()
    values = read_values(trace.yardstick, trace.members, cells)
    return Sum(trace.yardstick, trace.figure["comparator"], values)


def _exact(value: object) -> Fraction | None:
    return None if value is None else Fraction(str(value))
