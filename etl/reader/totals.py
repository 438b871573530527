"""Lines that sum up others: never data, but a sum that differs from its lines tells of a slip in one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from etl.reader.lexicon import Lexicon
from etl.reader.numbers import plain
from etl.reader.reading import ReadCell
from etl.reader.rows import is_total, line_cells, line_keys
from etl.reader.tables import Table


def read_totals(table: Table, lines: Sequence[ReadCell], lexicon: Lexicon) -> Iterator[ReadCell]:
    """The totals that can be held against their lines; ``text_value`` is what the lines come to.

    That is where one stands below lines of one indicator and nothing else: other lines count different things,
    and of a total above its lines nobody knows where they end.
    """
    by_row: dict[int, list[ReadCell]] = {}
    for cell in lines:
        by_row.setdefault(cell.row_no or 0, []).append(cell)
    above: list[list[ReadCell]] = []
    for row in range(table.header_row + 1, len(table.grid.rows)):
        if row + 1 in by_row:
            above.append(by_row[row + 1])
        elif is_total(table, row):
            if not above:
                return
            yield from _total(table, row, above, lexicon)
            above = []


def _total(table: Table, row: int, above: Sequence[Sequence[ReadCell]], lexicon: Lexicon) -> Iterator[ReadCell]:
    keys = line_keys(table, row, lexicon)
    indicators = {line[0].indicator_code for line in above} | ({keys.indicator_code} & lexicon.measures.keys())
    if len(indicators) > 1:
        return
    numbers = {column.code for column in table.sheet.columns if column.is_input and column.type == "number"}
    for cell in line_cells(table, row, keys, lexicon):
        parts = [part.number_value for line in above for part in line if part.field == cell.field]
        known = [part for part in parts if part is not None]
        if cell.field in numbers and cell.number_value is not None and len(known) == len(parts):
            yield replace(
                cell,
                section="total",
                indicator_code=above[0][0].indicator_code,
                text_value=plain(sum(known, Decimal(0))),
            )
