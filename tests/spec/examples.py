"""Promises nobody thought of, with what was reported of them: what SQL and whoever explains it is tried on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from tests.spec.world import THRESHOLDS, YEAR, Promise, Sent, Target, World

# few values, so that many coincide: with the target, the base, a node, a threshold
_NEAR = [Decimal(text) for text in ("0", "0.000001", "1", "5", "6", "11", "12", "59", "60", "61", "72")]
_WIDE = st.decimals(0, 10_000_000_000, places=6)
_AMOUNTS = st.sampled_from([*map(Decimal, range(121)), *_NEAR * 3]) | st.integers(1, 120).map(Decimal) | _WIDE
_RATES = st.sampled_from([Decimal(text) for text in ("0", "0.05", "0.6", "1")]) | st.decimals(0, 2, places=4)
_BASES = {
    "flow": ("linear_month",),
    "stock": ("level_vs_target", "level_vs_target_with_base"),
    "ratio": ("rate_gap", "level_vs_target", "node_plan"),
    "coverage": ("node_plan", "level_vs_target"),
    "milestone": ("node_plan",),
    "trend": ("trend_vs_same_period",),
}
_THRESHOLDS = st.just(THRESHOLDS) | st.fixed_dictionaries({
    "ahead_pp": st.decimals(0, 10, places=3),
    "green_floor_pp": st.decimals(-5, 0, places=3),
    "red_floor_pp": st.decimals(-40, -5, places=3),
    "rate_yellow_pp": st.decimals(-10, 0, places=3),
    "node_yellow_month": st.integers(1, 9).map(Decimal),
    "node_red_month": st.integers(9, 12).map(Decimal),
})  # fmt: skip

Reports = Mapping[int, Mapping[str, Decimal | None]]


@dataclass(frozen=True)
class Example:
    """A promise under some thresholds, and what was reported for some of its months."""

    promise: Promise
    thresholds: Mapping[str, Decimal]
    reports: Reports


@st.composite
def examples(draw: st.DrawFn) -> Example:
    kind = draw(st.sampled_from(sorted(_BASES)))
    is_percent = kind == "ratio" or (kind == "coverage" and draw(st.booleans()))
    amounts = _RATES if is_percent else _AMOUNTS
    promise = Promise(
        code="X",
        kind=kind,
        comparator="gt_last_year" if kind == "trend" else draw(st.sampled_from(["ge", "gt", "full_coverage"])),
        progress_basis=draw(st.sampled_from(_BASES[kind])),
        polarity=draw(st.sampled_from(["higher_better", "higher_better", "lower_better"])),
        is_percent=is_percent,
        targets=(Target(None),) if kind == "trend" else draw(_targets(amounts)),
        base_value=draw(st.none() | amounts),
        last_year=draw(st.dictionaries(st.integers(1, 12), _AMOUNTS, min_size=6)) if kind == "trend" else {},
        nodes=tuple((date(YEAR, month, 15), draw(amounts)) for month in draw(st.sets(st.integers(1, 12), max_size=3))),
        is_register_missing=draw(st.sampled_from([False, False, False, True])),
        deadline=date(YEAR, draw(st.sampled_from([6, 12, 12, 12])), 28),
    )
    thresholds, reports = draw(_THRESHOLDS), draw(_reports(kind))
    return Example(replace(promise, may_fall=draw(st.booleans())), thresholds, reports)


def _targets(amounts: st.SearchStrategy[Decimal]) -> st.SearchStrategy[tuple[Target, ...]]:
    first = st.tuples(st.builds(Target, amounts))
    changed = st.builds(Target, amounts, st.just(f"{YEAR}-07"), st.just("调整文件"))
    return first | st.tuples(st.builds(Target, amounts), changed)


def _reports(kind: str) -> st.SearchStrategy[Reports]:
    parts = st.fixed_dictionaries({"numerator": _AMOUNTS, "denominator": st.none() | _AMOUNTS})
    whole = st.fixed_dictionaries({}, optional={"cumulative": _AMOUNTS, "month": _AMOUNTS}).filter(bool)
    return st.dictionaries(st.integers(1, 12), parts if kind in ("ratio", "coverage") else whole, min_size=4)


def world(number: int, example: Example) -> World:
    """The example as a plan of its own, ``p`` and its number."""
    sent = tuple(Sent("X", month, values) for month, values in example.reports.items())
    return World(f"p{number}", (example.promise,), sent, example.thresholds)
