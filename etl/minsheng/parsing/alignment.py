"""Whether the values of a text stand under their headings, where nothing but separators tells.

A comma inside a number moves all that follows it; a program that leaves out what is empty at the end of a line makes
lines of any length. So a line is read only when there is one way to part it:

- It has no more values than there are headings, and all lines of data have as many as the headings, or all the same
  fewer: in lines of different lengths a comma too many looks just like a blank left out.
- No values beside each other could be one number with its thousands parted, as 1 and 020 could, such that the line
  would still have every number its indicator asks for.
- It is not the last one of a file that may have been cut short within it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from minsheng.parsing.lexicon import Lexicon
from minsheng.parsing.rows import Keys, data_rows
from minsheng.parsing.tables import Table
from minsheng.plan.form import Form
from minsheng.spreadsheet.grid import as_text
from minsheng.spreadsheet.numbers import read_number

_PART = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]+)?")
_THOUSANDS = 3
_NUMBER = re.compile(r"-?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_FIELDS = {"contribution": ("month", "cumulative"), "detail": ("value",)}
_FEW = 3
# More places at which numbers might be joined are in no line that people write.
_MOST_JOINTS = 8


def misaligned(table: Table, form: Form, lexicon: Lexicon) -> list[str]:
    """In words, which lines cannot be read in one way only; nothing of a workbook, which has cells."""
    if not table.grid.features.separator:
        return []
    rows = list(data_rows(table, form, lexicon))
    return [*_too_long(table), *_joined(table, rows, lexicon), *_cut(table, rows)] or _uneven(table, rows)


def _too_long(table: Table) -> list[str]:
    width, rows = _width(table), range(table.header_row + 1, len(table.grid.rows))
    return _lengths(table, [row for row in rows if _length(table, row) > width])


def _joined(table: Table, rows: Sequence[tuple[int, Keys]], lexicon: Lexicon) -> Iterator[str]:
    """The lines in which values may be one number."""
    if table.grid.features.separator != ",":
        return
    for row, keys in rows:
        if _length(table, row) < _width(table):
            fields = _FIELDS.get(table.sheet.code) or lexicon.measure(keys.indicator_code).fields
            places = [table.columns[field] for field in fields if field in table.columns]
            if number := _one_number([as_text(value) for value in table.grid.rows[row]], places):
                yield f"第 {row + 1} 行的“{number}”可能是一个数"


def _one_number(texts: Sequence[str], places: Sequence[int]) -> str | None:
    """Values that may be one number, since the line then still has a number in each of these places."""
    joints = [place for place in range(max(places, default=-1) + 1) if _may_be_joined(texts[place : place + 2])]
    if len(joints) > _MOST_JOINTS:
        return ",".join(texts[joints[0] : joints[0] + 2])
    chosen = (each for count in range(1, len(joints) + 1) for each in combinations(joints, count))
    for values in (_join(texts, each) for each in chosen):
        if all(place < len(values) and read_number(values[place], whole=True).value is not None for place in places):
            return next((value for value in values if "," in value and _NUMBER.fullmatch(value)), None)
    return None


def _may_be_joined(texts: Sequence[str]) -> bool:
    return len(texts) == 2 and all(map(_PART.fullmatch, texts)) and len(texts[1].partition(".")[0]) == _THOUSANDS


def _join(texts: Sequence[str], joints: Sequence[int]) -> list[str]:
    """The values of a line if the separators behind these places belonged to numbers."""
    values = [texts[0]]
    for place, text in enumerate(texts[1:]):
        if place in joints:
            values[-1] += f",{text}"
        else:
            values.append(text)
    return values


def _cut(table: Table, rows: Sequence[tuple[int, Keys]]) -> Iterator[str]:
    """The last line of the file, if it is data, ends before its last heading, and has no line end."""
    last = len(table.grid.rows) - 1
    if table.grid.features.is_open_ended and rows and rows[-1][0] == last and _length(table, last) < _width(table):
        yield f"最后一行（第 {last + 1} 行）没有写完"


def _uneven(table: Table, rows: Sequence[tuple[int, Keys]]) -> list[str]:
    lengths = {_length(table, row) for row, _ in rows}
    return _lengths(table, [row for row, _ in rows]) if len(lengths) > 1 else []


def _lengths(table: Table, rows: Sequence[int]) -> list[str]:
    """The lines by how many values they have, beside how many headings there are."""
    by_length: dict[int, list[int]] = {}
    for row in rows:
        by_length.setdefault(_length(table, row), []).append(row + 1)
    told = [f"第 {_listed(numbers)} 行 {length} 格" for length, numbers in by_length.items()]
    return [f"列名 {_width(table)} 格，{'，'.join(told[:_FEW])}"] if told else []


def _listed(numbers: Sequence[int]) -> str:
    return "、".join(map(str, numbers[:_FEW])) + (" 等" if len(numbers) > _FEW else "")


def _width(table: Table) -> int:
    return _length(table, table.header_row)


def _length(table: Table, row: int) -> int:
    return len(table.grid.rows[row])
