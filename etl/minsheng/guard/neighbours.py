"""What neighbouring cells make of a number: pieces of one number side by side, or an amount under its heading."""

from __future__ import annotations

import re
from collections.abc import Iterator

from minsheng.core.text import remembered
from minsheng.guard.digits import folded
from minsheng.guard.identities import has_identity
from minsheng.guard.persons import Places
from minsheng.guard.phones import phones
from minsheng.spreadsheet.grid import Grid, address

_PIECE = re.compile(r"\d{2,14}[Xx]?")
_MOST_PIECES = 3
_ID_LENGTHS = frozenset({18, 20})
_PHONE_SHAPES = frozenset({(3, 4, 4), (3, 8), (7, 4), (4, 3, 4), (4, 4, 3), (5, 6)})
# Headings under which words stand, or telephones; counts are told from telephones by nothing else.
_WORDS = re.compile(r"备注|问题|进度|原因|说明|材料")
_CALLED = re.compile(r"电话|手机|联系|号码|tel|phone", re.I)
_AMOUNT = re.compile(r"[(（]\s*[千万亿]*元|金额|资金|投资|经费|产值|收入|支出|预算|拨款|造价|价款|总额")


def split_numbers(grid: Grid, known: Places) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Kind and cells of every identity number or telephone that stands in two or three cells of a row."""
    for row, filled in enumerate(grid.filled):
        pieces = {column: piece for column, text in filled if (piece := _piece(text))}
        for column in pieces:
            for end in range(column + 2, column + _MOST_PIECES + 1):
                joined = [pieces.get(each, "") for each in range(column, end)]
                if all(joined) and (kind := _kind(grid, row, column, joined, known)):
                    yield kind, tuple(address(row, each) for each in range(column, end))


def is_amount(grid: Grid, row: int, column: int) -> bool:
    """Whether a number stands under a heading that asks for money."""
    return isinstance(grid.at(row, column), int | float) and _AMOUNT.search(_heading(grid, row, column)) is not None


@remembered
def _piece(text: str) -> str:
    """The digits of a cell that holds nothing else."""
    text = folded(text).strip()
    return text if len(text) <= max(_ID_LENGTHS) and _PIECE.fullmatch(text) else ""


def _kind(grid: Grid, row: int, column: int, pieces: list[str], known: Places) -> str | None:
    number = "".join(pieces)
    if len(number) in _ID_LENGTHS and has_identity(number):
        return "id_number"
    if tuple(map(len, pieces)) not in _PHONE_SHAPES or next(phones(number), None) is None:
        return None
    return "phone" if _may_be_phone(grid, row, column, len(pieces), known) else None


def _may_be_phone(grid: Grid, row: int, column: int, count: int, known: Places) -> bool:
    """Whether the cells are no counts: a telephone is asked for, a person named, or texts stand where words do."""
    heading, left = _heading(grid, row, column), grid.text(row, column - 1).strip() if column else ""
    if _CALLED.search(heading) or _CALLED.search(left) or known.is_person("".join(left.split())):
        return True
    are_texts = all(isinstance(grid.at(row, each), str) for each in range(column, column + count))
    return are_texts and (_WORDS.search(heading) is not None or not (heading or left))


def _heading(grid: Grid, row: int, column: int) -> str:
    """The nearest words above a cell."""
    above = (grid.at(each, column) for each in range(row - 1, -1, -1))
    return next((text for text in above if isinstance(text, str) and text.strip() and not _piece(text)), "")
