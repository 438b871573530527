"""Labels with a value beside them: the block above a table, and the signature line below it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from minsheng.plan.form import Labelled, label_key
from minsheng.spreadsheet.numbers import CellValue
from minsheng.spreadsheet.workbook import Grid, address, as_text

# Several labels may share one cell: 填报单位：县民政局    报送期：2022年3月
_GAP = re.compile(r"\s{2,}|[\t\n]")
_COLON = re.compile("[:：]")
_REACH = 6


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


def read_labels(grid: Grid, labels: Sequence[Labelled], rows: Iterable[int]) -> Iterator[Beside]:
    """Every label found in these rows, with the value after its colon or in the next filled cell to the right."""
    for row in rows:
        for column in range(len(grid.rows[row]) if row < len(grid.rows) else 0):
            for segment in _GAP.split(grid.text(row, column).strip()):
                found = _match(segment, labels)
                if found is not None:
                    yield _beside(grid, labels, row, column, *found)


def has_label(grid: Grid, labels: Sequence[Labelled], row: int) -> bool:
    """Whether any of these labels stands in the row."""
    return any(True for _ in read_labels(grid, labels, (row,)))


def _match(segment: str, labels: Sequence[Labelled]) -> tuple[str, str] | None:
    """Code of the label a segment begins with, and the text after its colon."""
    label, *rest = _COLON.split(segment, maxsplit=1)
    key = label_key(label)
    code = next((labelled.code for labelled in labels if key in labelled.keys), None)
    return None if code is None else (code, rest[0].strip() if rest else "")


def _beside(grid: Grid, labels: Sequence[Labelled], row: int, column: int, code: str, after: str) -> Beside:
    if after:
        return Beside(code, after, row, column)
    for right in range(column + 1, column + 1 + _REACH):
        text = grid.text(row, right).strip()
        if text:
            is_label = _match(_GAP.split(text)[0], labels) is not None
            return Beside(code, None if is_label else grid.at(row, right), row, column if is_label else right)
    return Beside(code, None, row, column)
