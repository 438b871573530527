"""Labels with a value beside them: the block above a table, and the signature line below it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from minsheng.core.text import remembered
from minsheng.plan.form import label_key
from minsheng.spreadsheet.grid import Grid, address, as_text
from minsheng.spreadsheet.numbers import CellValue

# Several labels may share one cell: 填报单位：县民政局    报送期：2022年3月
_GAP = re.compile(r"\s{2,}|[\t\n]")
_COLON = re.compile("[:：]")
_REACH = 6

# Code of a field by every spelling of its label.
Codes = Mapping[str, str]


@dataclass(frozen=True)
class Beside:
    """A label's code and what stands beside it; ``value`` is None when nothing does."""

    code: str
    value: CellValue
    row: int
    column: int

    @property
    def cell_ref(self) -> str:
        """Address of the cell the value was read from."""
        return address(self.row, self.column)

    @property
    def text(self) -> str:
        """The value as text."""
        return as_text(self.value).strip()


def read_labels(grid: Grid, labels: Codes, rows: Iterable[int]) -> Iterator[Beside]:
    """Every label found in these rows, with the value after its colon or in the next filled cell to the right."""
    for row in rows:
        for column, text in grid.filled[row] if row < len(grid.filled) else ():
            for key, after in _labelled(text):
                if key in labels:
                    yield _beside(grid, labels, row, column, labels[key], after)


def has_label(grid: Grid, labels: Codes, row: int) -> bool:
    """Whether any of these labels stands in the row."""
    return any(True for _ in read_labels(grid, labels, (row,)))


@remembered
def _labelled(text: str) -> tuple[tuple[str, str], ...]:
    """What may be a label in each piece of a text, ready for comparison, and the text after its colon."""
    parted = (_COLON.split(piece, maxsplit=1) for piece in _GAP.split(text.strip()))
    return tuple((label_key(label), rest[0].strip() if rest else "") for label, *rest in parted)


def _beside(grid: Grid, labels: Codes, row: int, column: int, code: str, after: str) -> Beside:
    if after:
        return Beside(code, after, row, column)
    for right in range(column + 1, column + 1 + _REACH):
        text = grid.text(row, right).strip()
        if text:
            is_label = _labelled(text)[0][0] in labels
            return Beside(code, None if is_label else grid.at(row, right), row, column if is_label else right)
    return Beside(code, None, row, column)
