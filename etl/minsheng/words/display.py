"""How figures are written for people: half-up, one decimal, and never a number where none was reported."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from minsheng.core.codes import Comparator
from minsheng.words.chinese import chinese

NOTHING = "—"
_WEEKDAYS = "一二三四五六日"
_TENTH = Decimal("0.1")
_HUNDREDTH = Decimal("0.01")

Figure = Decimal | float | int | None


def percent(ratio: Figure) -> str:
    """0.5413 → ``54.1%``."""
    return NOTHING if ratio is None else f"{_rounded(_exact(ratio) * 100)}%"


def points(value: Figure) -> str:
    """Percentage points with their sign: 4.13 → ``+4.1``."""
    return NOTHING if value is None else f"{_rounded(_exact(value)):+,}"


def apart(gap_pp: Figure) -> str:
    """Percentage points without their sign, to stand after a word: `` 4.1 个百分点``, or ``不到 0.1 个百分点``."""
    shown = points(gap_pp).lstrip("+-")
    return "不到 0.1 个百分点" if shown == "0.0" else f" {shown} 个百分点"


def quantity(value: Figure) -> str:
    """1300 → ``1,300``; 11.250 → ``11.25``: no rounding, no trailing zeros."""
    if value is None:
        return NOTHING
    whole, _, fraction = f"{_exact(value):,f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def rounded(value: Figure) -> str:
    """What a division left behind, with two decimals at most: 2684.285714 → ``2,684.29``."""
    return NOTHING if value is None else quantity(_exact(value).quantize(_HUNDREDTH, ROUND_HALF_UP))


def measured(value: Figure, unit_of_measure: str) -> str:
    """A figure in its own unit: a rate as a percentage, anything else as a quantity."""
    return percent(value) if unit_of_measure == "%" else quantity(value)


def comparator(row: Mapping[str, Any]) -> str:
    """How the value is held against its target, in words."""
    return comparators(row["polarity"])[row["comparator"]]


def comparators(polarity: str) -> Mapping[Comparator, str]:
    """The words for comparators, of what has to rise or of what has to fall."""
    return chinese().falling_comparator if polarity == "lower_better" else chinese().comparator


def target(row: Mapping[str, Any]) -> str:
    """The target as promised: ``200``, ``超 60`` where more is asked for, ``≤ 100`` or ``低于 4`` where less is."""
    shown = measured(row["target_value"], row["unit_of_measure"])
    if row["target_value"] is None or row["comparator"] not in ("ge", "gt"):
        return shown
    if row["polarity"] == "lower_better":
        return f"低于 {shown}" if row["comparator"] == "gt" else f"≤ {shown}"
    return f"超 {shown}" if row["comparator"] == "gt" else shown


def to_pass(row: Mapping[str, Any]) -> str:
    """What has to be reached or passed, with its unit: ``须超 60 公里``, ``须高于上年同期``."""
    if row["target_value"] is None:
        return f"须{comparator(row)}"
    unit = "" if row["unit_of_measure"] == "%" else f" {row['unit_of_measure']}"
    return f"须{target(row)}{unit}"


def month_name(period: str) -> str:
    """``2022-05`` → ``2022年5月``."""
    year, month = period.split("-")
    return f"{year}年{int(month)}月"


def day_in_words(value: date) -> str:
    """``6月6日（星期一）``."""
    return f"{value.month}月{value.day}日（星期{_WEEKDAYS[value.weekday()]}）"


def hour_in_words(value: datetime) -> str:
    """``18:00``."""
    return f"{value:%H:%M}"


def moment_in_words(value: datetime) -> str:
    """``6月6日（星期一）18:00``."""
    return day_in_words(value) + hour_in_words(value)


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
