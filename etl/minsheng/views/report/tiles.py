"""The items of a month, one tile each: light, one sentence, and how far the item is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from minsheng.core.codes import STRICT
from minsheng.plan.indicators import Indicator
from minsheng.plan.models import Plan
from minsheng.publication.publication import Month
from minsheng.warehouse.connection import Row
from minsheng.words import display
from minsheng.words.chinese import chinese

_NAMED = 2  # so many of what is behind are named; the rest is counted
_UNSAID = {"NOT_REPORTED": "未报送", "IN_PROGRESS": "推进中", "NO_BASIS": "无法判定"}


@dataclass(frozen=True)
class Tile:
    """An item in a month. ``light`` and ``score`` are null in a revision that does not tell them."""

    code: str
    number: int
    name: str
    light: str | None
    light_word: str
    sentence: str
    score: float | None
    lead_units: tuple[str, ...]


def tiles(plan: Plan, month: Month) -> list[Tile]:
    """The items in plan order."""
    indicators = {one.code: one for item in plan.items for one in item.indicators}
    return [
        _tile(item, [row for row in month.indicators if row["item_code"] == item["item_code"]], indicators)
        for item in month.items
    ]


def _tile(item: Row, rows: Sequence[Row], indicators: Mapping[str, Indicator]) -> Tile:
    light = item.get("light")
    return Tile(
        code=item["item_code"],
        number=item["item_no"],
        name=item["item_name"],
        light=light,
        light_word=f"{chinese().light[light]}灯" if light else "",
        sentence=sentence(rows, indicators),
        score=item.get("score"),
        lead_units=tuple(dict.fromkeys(row["lead_unit_name"] for row in rows)),
    )


def sentence(rows: Sequence[Row], indicators: Mapping[str, Indicator]) -> str:
    """How the indicators of an item stand: ``3 项指标中 2 项符合序时，窨井设施维护改造数差 26 个``."""
    behind = sorted((row for row in rows if row["light"] in ("red", "yellow")), key=lambda row: row["light"] != "red")
    parts = [_good(rows), *_behind(behind, indicators)]
    for status, word in _UNSAID.items():
        count = sum(row["status_code"] == status for row in rows)
        parts += [f"{count} 项{word}"] if count else []
    return "，".join(filter(None, parts))


def _good(rows: Sequence[Row]) -> str:
    whole = f"{len(rows)} 项指标"
    counts = {
        word: sum(row["light"] == light for row in rows) for light, word in (("blue", "已完成"), ("green", "符合序时"))
    }
    for word, count in counts.items():
        if count == len(rows):
            return f"{whole}全部{word}" if count > 1 else f"{whole}{word}"
    told = "、".join(f"{count} 项{word}" for word, count in counts.items() if count)
    return f"{whole}中 {told}" if told else whole


def _behind(rows: Sequence[Row], indicators: Mapping[str, Indicator]) -> Iterator[str]:
    for row in rows[:_NAMED]:
        yield f"{row['indicator_name']}{shortfall(row, indicators.get(row['indicator_code']))}"
    if len(rows) > _NAMED:
        yield f"另有 {len(rows) - _NAMED} 项滞后"


def shortfall(row: Row, indicator: Indicator | None) -> str:
    """What is wanting to be on time, or the status where no number says it: ``差 26 个``, ``低 2.3 个百分点``.

    Of what is counted whole, a part of one is one more. Where the target has to be passed, that is said of the rest.
    """
    if row["unit_of_measure"] == "%" and row["gap_pp"] is not None:
        return _points_apart(row)
    wanting, is_whole = row.get("shortfall_value"), indicator is None or indicator.value_type == "integer"
    is_to_pass = row["reason_code"] == "PAST_DEADLINE" and row["comparator"] in STRICT
    if wanting is None or row["unit_of_measure"] == "%":
        return display.to_pass(row) if is_to_pass else str(row["status_label"])
    exact = Decimal(str(wanting)).quantize(Decimal("0.000001"))
    shown = display.quantity(exact.to_integral_value(ROUND_CEILING)) if is_whole else display.rounded(exact)
    rest = f"（{display.to_pass(row)}）" if is_to_pass and not is_whole else ""
    return f"差 {shown} {row['unit_of_measure']}{rest}"


def _points_apart(row: Row) -> str:
    """How far a rate is from its target, and on which side of it: ``低 2.3 个百分点``, ``差不到 0.1 个百分点``."""
    if row["gap_pp"] == 0 and row["comparator"] in STRICT:
        return display.to_pass(row)
    apart = display.apart(row["gap_pp"])
    side = "高" if row["polarity"] == "lower_better" else "低"
    return f"{side}{apart}" if apart.startswith(" ") else f"差{apart}"
