"""Which months may not be frozen yet, because a plan wants doubtful figures explained before (docs/adr/0036)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from minsheng.plan.run import Run
from minsheng.warehouse.connection import open_to_read
from minsheng.warehouse.explanations import StandingDoubt, standing_doubts

_OPEN = frozenset({"unexplained", "asked"})
_HELD = "select distinct input from raw.outcome where stage = 'freeze' and result = 'doubted'"
_UNPUBLISHED = """
    select distinct plan_id, period
    from staging.stg_unpublished
    where period in (select input from raw.outcome where stage = 'freeze' and result = 'doubted')
"""
_TO_BE_PUBLISHED = "可疑的数已经说明，发布以后定稿"
_TOLD = "{units}没有说明，工作方案规定说明以前不定稿；见 minsheng explanations list"


def held_by_doubts(run: Run, months: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Of months (plan, period) those that wait for explanations, and in words for whose.

    A month that has waited waits until readers see what explained it: that is what is frozen.
    """
    wanting = {
        (plan_id, period) for plan_id, period in months if run.county.plan(plan_id).at(period).unexplained_hold_freeze
    }
    if not wanting:
        return {}
    with open_to_read(run.home.warehouse) as connection:
        doubts = standing_doubts(connection, run.county.plan_ids)
        unpublished = {*connection.execute(_UNPUBLISHED).fetchall()}
    waiting: dict[tuple[str, str], list[StandingDoubt]] = {}
    for one in doubts:
        if one.state in _OPEN:
            waiting.setdefault((one.doubt.plan_id, one.doubt.period), []).append(one)
    held = wanting & (waiting.keys() | unpublished)
    return {month: _words(run, waiting[month]) if month in waiting else _TO_BE_PUBLISHED for month in sorted(held)}


def were_held(run: Run) -> frozenset[str]:
    """The months (YYYY-MM) whose freeze has waited for explanations."""
    with open_to_read(run.home.warehouse) as connection:
        return frozenset(period for (period,) in connection.execute(_HELD).fetchall())


def _words(run: Run, doubts: list[StandingDoubt]) -> str:
    counts = Counter(one.doubt.unit_code for one in doubts)
    plan = run.county.plan(doubts[0].doubt.plan_id)
    names = (f"{plan.unit(code).name} {count} 处" for code, count in counts.items())
    return _TOLD.format(units="、".join(names))
