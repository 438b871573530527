"""Columns that are not the form's: a unit's own, which are left alone, or one in which the real number may stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from minsheng.parsing.reading import NoteReading, ReadCell
from minsheng.parsing.tables import Table
from minsheng.plan.form import Column, label_key
from minsheng.spreadsheet.grid import address, column_name
from minsheng.spreadsheet.numbers import read_number

# Numbers of another time, and numbers planned, are of the unit's own; so are the lines' numbers.
_OF_ANOTHER_TIME = re.compile(r"上年|去年|往年|同期|同比|下月|次月|下年|上月|上期|计划|预计|目标|20\d\d")
_LINE_NUMBERS = frozenset({"序号", "编号", "行号", "no", "no."})
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
# A shorter name is part of too many words: 本月计划, 累计投资.
_LONG_ENOUGH = 3


def read_strangers(table: Table, lines: Iterable[ReadCell]) -> Iterator[ReadCell]:
    """A note for every column that is not of the form and holds numbers beside the lines.

    Readings: ``like`` for one named nearly as a number of the form is, ``text_value`` being the proper name;
    ``unnamed`` inside the table without a name; ``strange`` for any other, read by nobody.
    """
    rows = sorted({cell.row_no - 1 for cell in lines if cell.row_no})
    for place in _strange_places(table):
        heading = heading_at(table, place)
        like = like_column(table, heading)
        is_absent = like is not None and like.code not in table.columns
        if (is_absent or _has_numbers(table, rows, place)) and label_key(heading) not in _LINE_NUMBERS:
            yield _note(table, place, heading, like)


def heading_at(table: Table, place: int) -> str:
    """What stands above a column, a merged heading counting for every row it covers."""
    return table.grid.spread_text(table.header_row, place).strip()


def like_column(table: Table, heading: str) -> Column | None:
    """The one number of the form that a heading nearly names: 累计数（调整后）, but not 分子分母比."""
    key = label_key(heading)
    if not key or _OF_ANOTHER_TIME.search(key):
        return None
    like = [column for column in _numbers(table) if _is_like(key, column)]
    return like[0] if len(like) == 1 else None


def renamed(table: Table, column: Column) -> bool:
    """Whether a column that was not found stands there under a name near its own."""
    headings = (heading_at(table, place) for place in _strange_places(table))
    return any(like_column(table, heading) == column for heading in headings)


def _numbers(table: Table) -> tuple[Column, ...]:
    return tuple(column for column in table.sheet.columns if column.is_input and column.type == "number")


def _is_like(key: str, column: Column) -> bool:
    own = label_key(column.heading)
    longer = {name for name in column.keys if len(name) >= _LONG_ENOUGH}
    return any(name in key for name in {own} | longer) or _IN_BRACKETS.sub("", key) in column.keys


def _strange_places(table: Table) -> list[int]:
    width = max(map(len, table.grid.rows[table.header_row :]))
    own = {*table.columns.values()}
    return [
        place
        for place in range(width)
        if place not in own and table.sheet.column_under(heading_at(table, place)) is None
    ]


def _has_numbers(table: Table, rows: Iterable[int], place: int) -> bool:
    return any(read_number(table.grid.at(row, place), whole=True).value is not None for row in rows)


def _note(table: Table, place: int, heading: str, like: Column | None) -> ReadCell:
    is_inside = min(table.columns.values()) < place < max(table.columns.values())
    reading: NoteReading = "like" if like else "unnamed" if not heading and is_inside else "strange"
    return ReadCell(
        table.grid.name,
        address(table.header_row, place),
        table.header_row + 1,
        "note",
        "column",
        reading,
        raw_text=heading or f"{column_name(place)} 列",
        text_value=like.heading if like else None,
    )
