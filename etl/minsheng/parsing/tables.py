"""Finding the form's tables by their words: sheet by name or headings, columns by heading, never by place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from minsheng.core.text import remembered
from minsheng.parsing.units import name_and_unit
from minsheng.plan.form import Column, Form, Sheet, label_key
from minsheng.spreadsheet.grid import Grid
from minsheng.spreadsheet.numbers import CellValue

HEADER_ROWS = 12
# A sheet under a known name needs few headings to be recognised, a stranger many.
_HEADINGS_IF_NAMED = 3
_HEADINGS_IF_NOT = 6
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−～", "-"))
# What has come together since January, in the words of a heading, by its last month.
_TO_DATE = {month: re.compile(rf"1月?[-至到~]0?{month}月份?") for month in range(1, 13)}
_NEVER = re.compile(r"(?!)")
_FIRST = 4
_KEYS = frozenset({"indicator_code", "item_code", "member_code"})


@dataclass(frozen=True)
class Table:
    """One table of the form as it stands in a file; ``columns`` maps column code to zero-based place.

    ``repeated``: columns of which there are several, side by side or by a second line of headings below.
    """

    grid: Grid
    sheet: Sheet
    header_row: int
    columns: Mapping[str, int]
    repeated: frozenset[str]

    def value(self, row: int, field: str) -> CellValue:
        """What stands in a row under a heading; None when the file has no such column."""
        column = self.columns.get(field)
        return None if column is None else self.grid.at(row, column)

    def text(self, row: int, field: str) -> str:
        """The same as text; nothing when the file has no such column."""
        column = self.columns.get(field)
        return "" if column is None else self.grid.text(row, column)

    def spread_text(self, row: int, field: str) -> str:
        """As ``text``, reading a merged cell for every row it covers."""
        column = self.columns.get(field)
        return "" if column is None else self.grid.spread_text(row, column)

    @cached_property
    def first_keys(self) -> list[list[str]]:
        """What each row says under the first headings of the form, ready for comparison."""
        fields = [column.code for column in self.sheet.columns[:_FIRST]]
        return [[label_key(self.text(row, field)) for field in fields] for row in range(len(self.grid.rows))]

    @property
    def needed(self) -> tuple[Column, ...]:
        """The columns without which the table cannot be read: what identifies a row, and the numbers."""
        return tuple(
            column
            for column in self.sheet.columns
            if column.code in _KEYS or (column.is_input and column.type == "number")
        )


def find_tables(grids: tuple[Grid, ...], form: Form, period: str | None = None) -> tuple[Table, ...]:
    """Every table of the form found in the sheets, in the file's order; a sheet holds at most one.

    In the form of March, 1-3月累计数 is the same heading as 累计数.
    """
    to_date = _TO_DATE[int(period[-2:])] if period else _NEVER
    found = (_find(grid, form, to_date) for grid in grids)
    return tuple(table for table in found if table is not None)


def _find(grid: Grid, form: Form, to_date: re.Pattern[str]) -> Table | None:
    key = label_key(grid.name)
    named = [sheet for sheet in form.sheets if key in sheet.keys]
    least = _HEADINGS_IF_NAMED if named else _HEADINGS_IF_NOT
    asked = [sheet for sheet in named or form.sheets if sheet.columns]
    candidates = [table for sheet in asked if (table := _best_header(grid, sheet, to_date)) is not None]
    best = max(candidates, key=lambda table: len(table.columns), default=None)
    if best is None or len(best.columns) < least:
        return None
    return replace(best, repeated=best.repeated.union(_moved_below(best, to_date)))


def _moved_below(table: Table, to_date: re.Pattern[str]) -> Iterator[str]:
    """The columns that a line of headings repeated below, on a new page, puts elsewhere, or calls otherwise."""
    needed = {column.code for column in table.needed} & table.columns.keys()
    for row in range(table.header_row + 1, len(table.grid.rows)):
        if repeats_headings(table, row):
            here = {code: place for place, code in _headings(table.grid, table.sheet, row, to_date)}
            for code in needed:
                place = here.get(code)
                is_renamed = place is None and table.grid.text(row, table.columns[code]).strip()
                if is_renamed or place not in (None, table.columns[code]):
                    yield code


def repeats_headings(table: Table, row: int) -> bool:
    """Whether a line below the headings is the same again, as on a new page."""
    return label_key(table.grid.text(row, 0)) in table.sheet.columns[0].keys


def _best_header(grid: Grid, sheet: Sheet, to_date: re.Pattern[str]) -> Table | None:
    tables = (_header(grid, sheet, row, to_date) for row in range(min(HEADER_ROWS, len(grid.rows))))
    return max(tables, key=lambda table: len(table.columns), default=None)


def _header(grid: Grid, sheet: Sheet, row: int, to_date: re.Pattern[str]) -> Table:
    own = dict(_headings(grid, sheet, row, to_date))
    above = _headings_of_two_rows(grid, sheet, row, own) if row else ()
    places = [(code, place) for place, code in sorted({**dict(above), **own}.items())]
    counts = Counter(code for code, _ in places)
    repeated = frozenset(code for code, count in counts.items() if count > 1)
    return Table(grid, sheet, row, dict(reversed(places)), repeated)


def _headings(grid: Grid, sheet: Sheet, row: int, to_date: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    for place, heading in grid.filled[row]:
        column = sheet.column_under(heading) or _to_date(sheet, heading, to_date) or _with_unit(sheet, heading)
        if column is not None:
            yield place, column.code


def _to_date(sheet: Sheet, heading: str, to_date: re.Pattern[str]) -> Column | None:
    """The column of what has come together since January, under a heading that says so."""
    key = _with_plain_dashes(heading)
    column = sheet.column_under(to_date.sub("", key)) if to_date.match(key) else None
    return column if column is not None and column.code == "cumulative" else None


@remembered
def _with_plain_dashes(heading: str) -> str:
    return label_key(heading).translate(_DASHES)


def _with_unit(sheet: Sheet, heading: str) -> Column | None:
    """The number under a heading with a unit behind it, 累计数（人次）; whether that is the right one is seen later."""
    found = name_and_unit(label_key(heading))
    column = sheet.column_under(found[0]) if found else None
    return column if column is not None and column.type == "number" else None


def _headings_of_two_rows(grid: Grid, sheet: Sheet, row: int, own: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    """What the row lacks and the one above has, or the two have together: 本月 above 完成数."""
    for place, text in enumerate(grid.texts[row]):
        above = grid.spread_text(row - 1, place)
        column = sheet.column_under(above + text) if above and place not in own else None
        if column is not None and column.code not in own.values():
            yield place, column.code
