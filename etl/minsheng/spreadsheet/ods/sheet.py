"""One sheet of an OpenDocument spreadsheet as it is put together, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from minsheng.spreadsheet.appearance import Area
from minsheng.spreadsheet.features import MAX_COLUMNS, MAX_ROWS, Budget, Features, Merged, check_reach
from minsheng.spreadsheet.numbers import CellValue, read_number
from minsheng.spreadsheet.ods.styles import NumberLook
from minsheng.spreadsheet.references import area_in
from minsheng.spreadsheet.xml import Attributes

_QUOTED = re.compile(r"'(?:[^']|'')*'")


@dataclass
class OdsSheet:
    """What a sheet holds, and what of it is not as it seems.

    ``is_from_outside``: all of it is taken from another file.
    """

    name: str
    is_hidden: bool = False
    is_from_outside: bool = False
    features: Features = field(default_factory=Features)
    merged: list[Merged] = field(default_factory=list)
    _rows: list[list[CellValue]] = field(default_factory=list)
    _column_styles: dict[int, str] = field(default_factory=dict)
    # Where a condition may show another number, and, the second, where it may strike out or raise also what is text.
    _changing: list[Area] = field(default_factory=list)
    _marking: list[Area] = field(default_factory=list)
    _from_outside: list[Area] = field(default_factory=list)

    @property
    def rows(self) -> list[list[CellValue]]:
        """The values from A1, every row as long as the longest."""
        width = max(map(len, self._rows), default=0)
        return [[*row, *[None] * (width - len(row))] for row in self._rows]

    def add_columns(self, first: int, count: int, style: str, *, is_hidden: bool) -> None:
        """``style`` is that of their cells which have none of their own."""
        columns = range(first, min(first + count, MAX_COLUMNS))
        self._column_styles.update(dict.fromkeys(columns, style))
        if is_hidden:
            self.features.hide_columns(first, first + count - 1)

    def style_of(self, column: int) -> str:
        """The style of a cell that has none of its own, nor its row."""
        return self._column_styles.get(column, "")

    def merge(self, row: int, column: int, cell: Attributes) -> None:
        """Note that a cell spans several."""
        down, right = (int(cell.get(f"table:number-{what}-spanned", 1)) for what in ("rows", "columns"))
        if down > 1 or right > 1:
            self.merged.append(((row, column), (row + down - 1, column + right - 1)))

    def place(self, rows: range, column: int, value: CellValue, broken: str | None, budget: Budget) -> None:
        """Put a value in these rows of a column; raises RefusedError ``too_large`` when that is out of reach."""
        check_reach(rows[-1], column)
        for row in rows:
            budget.spend_element()
            self._put(row, column, value)
            if broken:
                self.features.broken[row, column] = broken

    def change(self, areas: Iterable[Area], look: NumberLook) -> None:
        """Note that a condition may give these areas another look."""
        (self._marking if look.is_marked else self._changing).extend(areas)

    def link(self, area: Area) -> None:
        """Note that an area is taken from another file."""
        self._from_outside.append(area)

    def finish(self, budget: Budget) -> None:
        """Say of every cell what was said of the areas in which it lies; to be called once, at the end."""
        everywhere = (0, MAX_ROWS, 0, MAX_COLUMNS)
        for area in (*self._from_outside, *[everywhere] * self.is_from_outside):
            self._mark(area, "external", _may_be_number, budget)
        for area in self._changing:
            self._mark(area, "scaled", _is_number, budget)
        for area in self._marking:
            self._mark(area, "scaled", _may_be_number, budget)

    def _mark(self, area: Area, broken: str, concerns: Callable[[CellValue], bool], budget: Budget) -> None:
        top, bottom, left, right = area
        for number, row in enumerate(self._rows[top : bottom + 1], start=top):
            budget.spend_element()
            for column, value in enumerate(row[left : right + 1], start=left):
                if concerns(value):
                    self.features.broken.setdefault((number, column), broken)

    def _put(self, row: int, column: int, value: CellValue) -> None:
        self._rows.extend([] for _ in range(row + 1 - len(self._rows)))
        cells = self._rows[row]
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = value


def _is_number(value: CellValue) -> bool:
    return isinstance(value, float)


def _may_be_number(value: CellValue) -> bool:
    """Whether a number stands there, be it as text; words of a sheet's header are read wherever they come from."""
    return read_number(value).value is not None


def areas_in(text: str) -> Iterator[Area]:
    """The areas of a list of addresses: ``填报.A2:填报.B3 $'表 2'.$C$1``; raises ValueError for anything else."""
    for area in _QUOTED.sub("", text).split():
        yield area_in(":".join(corner.rpartition(".")[2] for corner in area.split(":")))
