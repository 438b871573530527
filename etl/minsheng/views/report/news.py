"""What changed since the month before: lights, corrections, who was late or missing, places in the ranking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from minsheng.core.period import Period
from minsheng.publication.publication import Month
from minsheng.views import explain
from minsheng.warehouse.connection import Row
from minsheng.words import display
from minsheng.words.chinese import chinese

_GOOD = ("blue", "green")
_BAD = ("red", "yellow")


@dataclass(frozen=True)
class Line:
    """What changed of one indicator, to which it leads on, or of so many units."""

    text: str
    indicator_code: str = ""
    unit_count: int = 0


@dataclass(frozen=True)
class NewsOfKind:
    """What changed of one kind; no lines: nothing did."""

    title: str
    lines: tuple[Line, ...]

    @property
    def extent(self) -> str:
        """How many indicators or units it is about, in words; empty: one or none."""
        units = sum(line.unit_count for line in self.lines)
        count, measure = (units, "家") if units else (len(self.lines), "项")
        return f"{count} {measure}" if count > 1 else ""


def news(
    month: Month, before: Month | None, months: Sequence[Month], since: datetime | None, until: datetime | None
) -> list[NewsOfKind]:
    """Every kind in the order leaders ask; a kind of which there is nothing is there without lines.

    ``months``: of the year, for what of earlier ones was corrected between ``since`` and ``until`` (null: no bound).
    """
    last = {row["indicator_code"]: row for row in before.indicators} if before else {}
    return [
        NewsOfKind("新转红", tuple(_turned(month, last, ("red",), ("blue", "green", "yellow", "grey")))),
        NewsOfKind("新滞后", tuple(_turned(month, last, ("yellow",), ("blue", "green", "grey")))),
        NewsOfKind("恢复", tuple(_turned(month, last, _GOOD, _BAD))),
        NewsOfKind("更正", tuple(_corrected(months, since, until))),
        NewsOfKind("未按时报送", tuple(_untimely(month, before))),
        NewsOfKind("排名上升", tuple(_moved(month, before, is_up=True))),
        NewsOfKind("排名下降", tuple(_moved(month, before, is_up=False))),
    ]


def compared(month: Month, before: Month | None) -> str:
    """With which month a month is compared, in words; empty: with none. The last may not have been opened."""
    if before is None:
        return ""
    number = Period.parse(before.period)
    return "上月" if number.next == Period.parse(month.period) else f"{number.month}月"


def _turned(month: Month, last: Mapping[str, Row], to: tuple[str, ...], from_: tuple[str, ...]) -> Iterator[Line]:
    for row in month.indicators:
        earlier = last.get(row["indicator_code"])
        if earlier and row["light"] in to and earlier["light"] in from_:
            name, words = row["indicator_name"], (earlier["status_label"], row["status_label"])
            yield Line(f"{name}：{words[0]} → {words[1]}（{row['lead_unit_name']}）", row["indicator_code"])


def _corrected(months: Sequence[Month], since: datetime | None, until: datetime | None) -> Iterator[Line]:
    for row in (row for month in months for row in month.indicators):
        for one in row["corrections"]:
            known_from = one["known_from"]
            if known_from and (since is None or known_from > since) and (until is None or known_from <= until):
                yield Line(_correction(row, one), row["indicator_code"])


def _correction(row: Row, one: Row) -> str:
    told = one["change_note"].removeprefix("更正：").removeprefix("更正")
    now = display.measured(one["actual_value"], row["unit_of_measure"])
    after = f"，现为 {now}" if one["change_note"].startswith("更正：") else ""
    reason = f"（{one['reason']}）" if one["reason"] else ""
    return f"{row['indicator_name']} {int(row['period'][-2:])}月：{told}{after}{reason}"


def _untimely(month: Month, before: Month | None) -> Iterator[Line]:
    again = {row["unit_code"] for row in before.required if _is_untimely(row)} if before else set()
    for word, units in explain.by_arrival(month.required).items():
        names = [
            f"{row['unit_name']}{f'（{compared(month, before)}也未按时）' if row['unit_code'] in again else ''}"
            for row in units
            if _is_untimely(row)
        ]
        if names:
            yield Line(f"{word}：{'、'.join(names)}", unit_count=len(names))


def _is_untimely(row: Row) -> bool:
    return explain.arrival(row) not in (chinese().timing["on_time"], chinese().submission_status["not_due"])


def _moved(month: Month, before: Month | None, *, is_up: bool) -> Iterator[Line]:
    places = {row["unit_code"]: row["rank_no"] for row in before.ranked} if before else {}
    moved = [(row, places[row["unit_code"]]) for row in month.ranked if row["unit_code"] in places]
    told = [
        f"{row['unit_name']} {was} → {row['rank_no']}"
        for row, was in moved
        if (row["rank_no"] < was if is_up else row["rank_no"] > was)
    ]
    if told:
        yield Line("、".join(told), unit_count=len(told))
