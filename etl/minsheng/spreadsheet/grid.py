"""A sheet as a grid of cells: what stands where, and as which text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property, lru_cache

from minsheng.spreadsheet.features import Features, Merged
from minsheng.spreadsheet.numbers import CellValue, plain, read_number

_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True)
class Grid:
    """One sheet from its cell A1."""

    name: str
    rows: list[list[CellValue]]
    merged: tuple[Merged, ...] = ()
    features: Features = field(default_factory=Features)
    is_hidden: bool = False

    def at(self, row: int, column: int) -> CellValue:
        """The value at zero-based coordinates; None outside the sheet."""
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else None

    def spread_text(self, row: int, column: int) -> str:
        """As ``text``, but an empty cell of a merged range says what its first one does."""
        text = self.text(row, column)
        first = None if text else self._first_of_merged(row, column)
        return text if first is None else self.text(*first)

    def is_covered(self, row: int, column: int) -> bool:
        """Whether nobody sees what the cell holds, because the first of a merged range is shown in its place."""
        return self._first_of_merged(row, column) not in (None, (row, column))

    def text(self, row: int, column: int) -> str:
        """What stands in the cell, as text; nothing outside the sheet."""
        return self.texts[row][column] if row < len(self.rows) and column < len(self.rows[row]) else ""

    @cached_property
    def texts(self) -> list[list[str]]:
        """Every cell as text: it is looked at many times."""
        return [[value if isinstance(value, str) else as_text(value) for value in row] for row in self.rows]

    @cached_property
    def filled(self) -> list[list[tuple[int, str]]]:
        """Row by row, column and text of the cells in which something stands: of a form these are a few."""
        return [[(column, text) for column, text in enumerate(row) if text] for row in self.texts]

    def broken_at(self, row: int, column: int) -> str | None:
        """Why a cell is not what it seems, see ``minsheng.spreadsheet.features.Broken``."""
        return self.features.broken.get((row, column))

    def _first_of_merged(self, row: int, column: int) -> tuple[int, int] | None:
        for (top, left), (_, right) in self._merged_over(row):
            if left <= column <= right:
                return top, left
        return None

    def _merged_over(self, row: int) -> list[Merged]:
        if row not in self._merged_by_row:
            self._merged_by_row[row] = [one for one in self.merged if one[0][0] <= row <= one[1][0]]
        return self._merged_by_row[row]

    @cached_property
    def _merged_by_row(self) -> dict[int, list[Merged]]:
        """Filled as rows are asked for: a range may be merged over more rows than anybody looks at."""
        return {}


def address(row: int, column: int) -> str:
    """Zero-based coordinates as a spreadsheet writes them: (0, 27) is AB1."""
    return f"{column_name(column)}{row + 1}"


@lru_cache(maxsize=1 << 8)
def column_name(column: int) -> str:
    """A zero-based column as a spreadsheet writes it: 27 is AB."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def as_text(value: CellValue) -> str:
    """A cell's content as text: numbers in plain digits, dates in ISO form."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        number = read_number(value).value
        return plain(number) if number is not None else f"{value:.15g}"
    if isinstance(value, timedelta):
        return f"{value // _HOUR}:{value % _HOUR // _MINUTE:02}"
    return value.isoformat()
