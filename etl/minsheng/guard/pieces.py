"""Cells whose digits may together be a person's number: too doubtful to refuse a file for, but not to be kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from minsheng.guard.digits import folded
from minsheng.guard.identities import has_identity
from minsheng.spreadsheet.grid import Grid, address, as_text
from minsheng.spreadsheet.numbers import CellValue

_DIGITS = re.compile(r"\d{1,14}[Xx]?")
_ROW = re.compile(r"[A-Z]++(\d++)")
_ID_LENGTHS = frozenset({15, 18})
# A district and a year, and as many digits more as stay of an identity number whose pieces have lost their zeros.
_LIKE_IDENTITY = re.compile(r"[1-8]\d{5}(?:19[2-9]\d|20[0-2]\d)\d{3,8}[\dXx]")
_LIKE_PHONE = re.compile(r"1[3-9]\d{9}")
_PHONE_SHAPES = frozenset({(3, 4, 4), (3, 8), (7, 4), (4, 3, 4), (4, 4, 3), (5, 6), (1,) * 11})

# A cell with the digits that stand in it.
_Piece = tuple[str, str]


def below(grid: Grid, cells: Iterable[str]) -> Iterator[str]:
    """Every cell of the lines from the first of these cells on."""
    first = min((int(found[1]) for cell in cells if (found := _ROW.fullmatch(cell))), default=1) - 1
    for row in range(first, len(grid.rows)):
        yield from (address(row, column) for column in range(len(grid.rows[row])))


def many_pieces(grid: Grid) -> Iterator[str]:
    """The cells of everything that looks like an identity number or a telephone, beside or below each other."""
    width = max(map(len, grid.rows), default=0)
    for row, values in enumerate(grid.rows):
        yield from _in_line([(address(row, column), _digits(value)) for column, value in enumerate(values)])
    for column in range(width):
        yield from _in_line([(address(row, column), _digits(grid.at(row, column))) for row in range(len(grid.rows))])


def _in_line(line: Sequence[_Piece]) -> Iterator[str]:
    for start in range(len(line)):
        joined: list[_Piece] = []
        for piece in line[start : start + max(_ID_LENGTHS)]:
            if not piece[1] or sum(len(digits) for _, digits in joined) >= max(_ID_LENGTHS):
                break
            joined.append(piece)
            if len(joined) > 1 and _may_be_of_person([digits for _, digits in joined]):
                yield from (cell for cell, _ in joined)


def _may_be_of_person(pieces: Sequence[str]) -> bool:
    number = "".join(pieces)
    if len(number) in _ID_LENGTHS and has_identity(number):
        return True
    is_phone = tuple(map(len, pieces)) in _PHONE_SHAPES and _LIKE_PHONE.fullmatch(number) is not None
    return is_phone or _LIKE_IDENTITY.fullmatch(number) is not None


def _digits(value: CellValue) -> str:
    """The digits of a cell that holds nothing else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return ""
    text = folded(as_text(value)).strip()
    return text if _DIGITS.fullmatch(text) else ""
