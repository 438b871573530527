"""A heading above those of the form that says the numbers below it are other ones: 上年同期, 4月, 计划数."""

from __future__ import annotations

import re
from collections.abc import Iterator

from minsheng.parsing.reading import ReadCell
from minsheng.parsing.tables import Table
from minsheng.plan.form import Column, label_key
from minsheng.spreadsheet.grid import address

_TAIL = "(?:完成|累计|实际)?(?:数|值|数据|情况)?"
# Of another time, or not yet done; 目标完成情况 is of what was done.
_OTHERS = re.compile(
    rf"(?:20\d\d年?)?(?:(?:上年|去年|前年|往年|历年|上月|上期|下月|下期)(?:同期)?{_TAIL}|同期{_TAIL}|"
    r"(?:全年|年度|本年|本月|当月|下一?步)?(?:计划|目标|任务|预计|预期)(?:数|值|任务|目标)?)"
)
_WHEN = re.compile(rf"(?:(?P<year>20\d\d)年度?)?(?:(?:0?1月?[-‐–—―−~至到])?(?P<month>1[0-2]|0?[1-9])月份?)?{_TAIL}")


def read_groups(table: Table, period: str | None) -> Iterator[ReadCell]:
    """A note for each such heading above numbers the form asks for; ``text_value``: the names of their columns.

    ``period``: the month reported; null: nobody knows, and no month is another.
    """
    above: dict[int, list[Column]] = {}
    row = table.header_row - 1
    for column in table.needed:
        place = table.columns.get(column.code)
        if row >= 0 and place is not None and column.type == "number" and _is_of_others(_text(table, place), period):
            above.setdefault(_first(table, place), []).append(column)
    for place, columns in above.items():
        yield ReadCell(
            table.grid.name,
            address(row, place),
            row + 1,
            "note",
            "group",
            "different",
            raw_text=_text(table, place).strip(),
            text_value="、".join(column.heading for column in columns),
        )


def _text(table: Table, place: int) -> str:
    return table.grid.spread_text(table.header_row - 1, place)


def _first(table: Table, place: int) -> int:
    """Where the text above a column stands, which may be merged over several."""
    return next(left for left in range(place, -1, -1) if table.grid.text(table.header_row - 1, left))


def _is_of_others(text: str, period: str | None) -> bool:
    key = label_key(text).strip("()[]【】")
    if not key:
        return False
    if _OTHERS.fullmatch(key):
        return True
    when = _WHEN.fullmatch(key)
    if when is None or period is None:
        return False
    year, month = period.split("-")
    return (when["year"] or year) != year or int(when["month"] or month) != int(month)
