"""How figures are written for people: half-up, one decimal, and never a number where none was reported."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

NOTHING = "—"
TIMING = {"on_time": "按时", "late": "迟报", "supplementary": "补报"}
SUBMISSION_STATUS = {"accepted": "已接收", "rejected": "已退回", "missing": "未报送", "not_due": "未到期"}
ROLE = {"lead": "牵头", "contribution": "配合（报数）", "note": "配合（说明）"}
# Codes of published columns, and what is read instead of them.
WORDS: Mapping[str, Mapping[str, str]] = {
    "comparator": {"ge": "不少于", "gt": "超过", "full_coverage": "全覆盖", "gt_last_year": "高于上年同期"},
    "kind": {
        "flow": "流量",
        "stock": "存量",
        "ratio": "比率",
        "coverage": "覆盖",
        "milestone": "里程碑",
        "trend": "趋势",
    },
    "light": {"blue": "蓝", "green": "绿", "yellow": "黄", "red": "红", "grey": "灰"},
    "polarity": {"higher_better": "越高越好", "lower_better": "越低越好"},
    "role": ROLE,
    "severity": {"reject": "退回", "warn": "提醒", "note": "备注"},
    "submission_status": SUBMISSION_STATUS,
    "timing": TIMING,
}
# The comparator of what has to fall: the same codes, read downwards.
FALLING = {"ge": "不多于", "gt": "低于", "full_coverage": "全覆盖", "gt_last_year": "低于上年同期"}
_TENTH = Decimal("0.1")
_HUNDREDTH = Decimal("0.01")

Number = Decimal | float | int | None


def percent(ratio: Number) -> str:
    """0.5413 → ``54.1%``."""
    return NOTHING if ratio is None else f"{_rounded(_exact(ratio) * 100)}%"


def points(value: Number) -> str:
    """Percentage points with their sign: 4.13 → ``+4.1``."""
    return NOTHING if value is None else f"{_rounded(_exact(value)):+,}"


def quantity(value: Number) -> str:
    """1300 → ``1,300``; 11.250 → ``11.25``: no rounding, no trailing zeros."""
    if value is None:
        return NOTHING
    whole, _, fraction = f"{_exact(value):,f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def rounded(value: Number) -> str:
    """What a division left behind, with two decimals at most: 2684.285714 → ``2,684.29``."""
    return NOTHING if value is None else quantity(_exact(value).quantize(_HUNDREDTH, ROUND_HALF_UP))


def measured(value: Number, unit_of_measure: str) -> str:
    """A figure in its own unit: a rate as a percentage, anything else as a quantity."""
    return percent(value) if unit_of_measure == "%" else quantity(value)


def comparator(row: Mapping[str, Any]) -> str:
    """How the value is held against its target, in words."""
    words = FALLING if row["polarity"] == "lower_better" else WORDS["comparator"]
    return words[row["comparator"]]


def target(row: Mapping[str, Any]) -> str:
    """The target as promised: ``200``, ``超 60`` where more is asked for, ``≤ 100`` or ``低于 4`` where less is."""
    shown = measured(row["target_value"], row["unit_of_measure"])
    if row["target_value"] is None or row["comparator"] not in ("ge", "gt"):
        return shown
    if row["polarity"] == "lower_better":
        return f"低于 {shown}" if row["comparator"] == "gt" else f"≤ {shown}"
    return f"超 {shown}" if row["comparator"] == "gt" else shown


def month_name(period: str) -> str:
    """``2022-05`` → ``2022年5月``."""
    year, month = period.split("-")
    return f"{year}年{int(month)}月"


def moment(value: datetime | None) -> str:
    """A time to the minute, as the county's clocks showed it."""
    return NOTHING if value is None else f"{value:%Y-%m-%d %H:%M}"


def day_and_hour(value: datetime | None) -> str:
    """The same where the year is plain: ``07-05 17:30``."""
    return NOTHING if value is None else f"{value:%m-%d %H:%M}"


def _exact(value: Decimal | float | int) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_TENTH, ROUND_HALF_UP)
