"""Indicators of which nothing can be said yet: why, since when, and who is asked for what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from minsheng.plan.indicators import Indicator
from minsheng.plan.models import Plan
from minsheng.publication.publication import Month
from minsheng.warehouse.connection import Row

_ASKED = {
    "MISSING": "请{unit}补报",
    "REJECTED": "请{unit}改正后重新报送",
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


def _since(row: Row, months: Sequence[Month]) -> str:
    """The first month of the run that ends here and has the same reason; empty when it has only begun."""
    first = row["period"]
    for month in reversed([month for month in months if month.period < row["period"]]):
        earlier = next((one for one in month.indicators if one["indicator_code"] == row["indicator_code"]), None)
        if earlier is None or earlier["reason_code"] != row["reason_code"]:
            break
        first = month.period
    count = int(row["period"][-2:]) - int(first[-2:]) + 1
    return f"{int(first[-2:])}月起，已 {count} 个月" if count > 1 else ""


def _asked(row: Row, indicator: Indicator | None, plan: Plan) -> str:
    words = _ASKED.get(row["reason_code"], "")
    if row["reason_code"] == "NO_PACE":
        words = _NODES if indicator and indicator.progress_basis == "node_plan" else _BASE
    names = {register.code: register.name for register in plan.registers}
    register = names.get(indicator.register_code or "", "名录") if indicator else "名录"
    return words.format(unit=row["lead_unit_name"], last_year=plan.year - 1, register=register)
