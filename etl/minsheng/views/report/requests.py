"""Indicators of which nothing can be said yet: why, since when, and who is asked for what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from minsheng.core.codes import ReasonCode
from minsheng.core.period import Period
from minsheng.plan.indicators import Indicator
from minsheng.plan.models import Plan
from minsheng.publication.publication import Month
from minsheng.warehouse.connection import Row

_ASKED: Mapping[ReasonCode, str] = {
    "MISSING": "请{unit}补报",
    "REJECTED": "请{unit}改正后重新报送",
    "UNSIGNED": "请{unit}审签",
    "NOT_FILLED": "请{unit}补填本项",
    "NOT_DUE": "等{unit}在截止时间前报送",
    "OPENED_AFTER_FREEZE": "请{unit}补报",
    "NO_DATA": "请{unit}说明何时能有数",
    "NO_DATA_EXCUSED": "请{unit}说明何时能有数",
    "NO_VALUE": "请{unit}补报累计数",
    "NO_DENOMINATOR": "请{unit}补报分母",
    "NO_REGISTER": "请{unit}提供{register}",
    "NO_LAST_YEAR": "请{unit}提供 {last_year} 年同期数",
    "NO_TARGET": "请方案主管单位为{unit}核定目标",
}
_NODES = "请{unit}提供各时间节点应达到的数"
_BASE = "请{unit}提供 {last_year} 年末的基数"


@dataclass(frozen=True)
class Request:
    """Whom the want of something keeps from being judged, and who is to supply it."""

    row: Row
    reason: str
    since: str
    asked: str


def requests(plan: Plan, month: Month, months: Sequence[Month]) -> list[Request]:
    """One for each indicator without a verdict, by status; ``months`` of the year, oldest first."""
    indicators = {one.code: one for item in plan.items for one in item.indicators}
    return [
        Request(
            row,
            row["reason_label"] or row["status_label"],
            _since(row, months),
            _asked(row, indicators.get(row["indicator_code"]), plan),
        )
        for rows in month.unsettled.values()
        for row in rows
    ]


def alike(asked: Sequence[Request]) -> list[list[Request]]:
    """Those of whom the same is asked and has been wanting for the same time, together."""
    groups: defaultdict[tuple[str, str], list[Request]] = defaultdict(list)
    for one in asked:
        groups[one.asked, one.since].append(one)
    return [groups[key] for key in sorted(groups)]


def _since(row: Row, months: Sequence[Month]) -> str:
    """The first month of the run that ends here and has the same reason; empty when it has only begun.

    A month that was not opened ends the run as one with another reason does.
    """
    alike = {
        Period.parse(month.period)
        for month in months
        for one in month.indicators
        if one["indicator_code"] == row["indicator_code"] and one["reason_code"] == row["reason_code"]
    }
    first, count = Period.parse(row["period"]), 1
    while first.previous in alike:
        first, count = first.previous, count + 1
    return f"{first.month}月起，已 {count} 个月" if count > 1 else ""


def _asked(row: Row, indicator: Indicator | None, plan: Plan) -> str:
    words = _ASKED.get(row["reason_code"], "")
    if row["reason_code"] == "NO_PACE":
        words = _NODES if indicator and indicator.progress_basis == "node_plan" else _BASE
    names = {register.code: register.name for register in plan.registers}
    register = names.get(indicator.register_code or "", "名录") if indicator else "名录"
    return words.format(unit=row["lead_unit_name"], last_year=plan.year - 1, register=register)
