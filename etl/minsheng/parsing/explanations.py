"""What a unit wrote into the list of an earlier answer, 退回清单, in the file that came back: why a number is so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from minsheng.parsing.reading import ReadCell
from minsheng.plan.form import label_key
from minsheng.spreadsheet.grid import Grid, address
from minsheng.spreadsheet.numbers import MARKS, fold
from minsheng.words.chinese import chinese

PLACE, WHY = "位置", "说明"
_HEADER_ROWS = 6


def read_explanations(grids: Iterable[Grid], lines: Iterable[ReadCell]) -> Iterator[ReadCell]:
    """Each explanation beside a place that names a line of the form, with that line's keys; the rest is nobody's."""
    named = dict(_named(lines))
    for grid in grids:
        if label_key(grid.name) != label_key(chinese().thing["checklist"]):
            continue
        for row, place, why in _explained(grid):
            line = named.get(label_key(grid.text(row, place).partition(" · ")[0]))
            if line is not None:
                yield ReadCell(
                    sheet_name=grid.name,
                    cell_ref=address(row, why),
                    row_no=row + 1,
                    section="explanation",
                    field="explanation",
                    reading="ok",
                    item_code=line.item_code,
                    indicator_code=line.indicator_code,
                    member_code=line.member_code,
                    raw_text=grid.text(row, why).strip(),
                    text_value=grid.text(row, why).strip(),
                )


def _explained(grid: Grid) -> Iterator[tuple[int, int, int]]:
    """The rows with an explanation, and the columns of the place and of the explanation."""
    for header in range(min(_HEADER_ROWS, len(grid.rows))):
        headings = {label_key(grid.text(header, column)): column for column in range(len(grid.rows[header]))}
        if PLACE in headings and WHY in headings:
            for row in range(header + 1, len(grid.rows)):
                if fold(grid.text(row, headings[WHY])) not in MARKS:
                    yield row, headings[PLACE], headings[WHY]
            return


def _named(lines: Iterable[ReadCell]) -> Iterator[tuple[str, ReadCell]]:
    """Every line by what an answer calls it: its indicator, with the member of a register in brackets."""
    for _, cells in groupby(lines, key=lambda cell: (cell.sheet_name, cell.row_no)):
        line = {cell.field: cell for cell in cells}
        name, member = line.get("indicator_name"), line.get("member_name")
        if name is not None and name.text_value and name.indicator_code:
            about = f"{name.text_value}（{member.text_value}）" if member and member.text_value else name.text_value
            yield label_key(about), name
