"""Lines that sum up others: never data, but a sum that differs from its lines tells of a slip in one of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from minsheng.parsing.lexicon import Lexicon
from minsheng.parsing.reading import ReadCell
from minsheng.parsing.rows import is_total, line_cells, line_keys
from minsheng.parsing.tables import Table
from minsheng.spreadsheet.numbers import plain

Line = list[ReadCell]


def read_totals(table: Table, lines: Sequence[ReadCell], lexicon: Lexicon) -> Iterator[ReadCell]:
    """The totals that can be held against their lines; ``text_value`` is what the lines come to.

    Of lines that count different things only the few of a detail table have a sum that people form, and of a total
    above its lines nobody knows where they end.
    """
    by_row: dict[int, Line] = {}
    for cell in lines:
        by_row.setdefault(cell.row_no or 0, []).append(cell)
    before: list[Line] = []
    above: list[Line] = []
    for row in range(table.header_row + 1, len(table.grid.rows)):
        if row + 1 in by_row:
            above.append(by_row[row + 1])
        elif is_total(table, row):
            if not before and not above:
                return
            yield from _total(table, row, (above, [*before, *above]), lexicon)
            before, above = [*before, *above], []


def _total(table: Table, row: int, reaches: Sequence[list[Line]], lexicon: Lexicon) -> Iterator[ReadCell]:
    """The numbers of a total, which may reach to the total above it or to the first line."""
    keys = line_keys(table, row, lexicon)
    named = {keys.indicator_code} & lexicon.measures.keys()
    numbers = {column.code for column in table.sheet.columns if column.is_input and column.type == "number"}
    for cell in line_cells(table, row, keys, lexicon):
        if cell.field in numbers and cell.number_value is not None:
            sums = [found for lines in reaches for found in _sums(table, lines, cell.field, named)]
            if sums:
                told = cell.number_value if cell.number_value in sums else sums[0]
                first = next(filter(None, reaches))[0][0].indicator_code
                yield replace(cell, section="total", indicator_code=first, text_value=plain(told))


def _sums(table: Table, lines: Sequence[Line], field: str, named: Collection[str | None]) -> Iterator[Decimal]:
    """What the lines may come to, the likeliest first: together, and in a detail table each indicator by itself."""
    parts = [cell for line in lines for cell in line if cell.field == field]
    known = [(cell.indicator_code, cell.number_value) for cell in parts if cell.number_value is not None]
    indicators = {cell.indicator_code for cell in parts}.union(named)
    if not parts or len(known) < len(parts) or (len(indicators) > 1 and (named or table.sheet.code != "detail")):
        return
    yield sum((number for _, number in known), Decimal(0))
    for indicator in sorted(indicators - {None}, key=str):
        yield sum((number for code, number in known if code == indicator), Decimal(0))
