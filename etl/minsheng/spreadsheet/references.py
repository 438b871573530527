"""Addresses of cells and areas as formulas and the parts of an xlsx write them."""

from __future__ import annotations

import re
from functools import reduce

from minsheng.spreadsheet.appearance import Area

_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?", re.I)


def area_in(written: str) -> Area:
    """The area of A1:B2 or $A$1; raises ValueError for what is none."""
    match = _AREA.fullmatch(written)
    if match is None:
        raise ValueError(written)
    left, top, right, bottom = match.groups()
    return int(top) - 1, int(bottom or top) - 1, column_number(left) - 1, column_number(right or left) - 1


def column_number(letters: str) -> int:
    """The column, from 1, of its letters: AB is 28."""
    return reduce(lambda number, letter: number * 26 + ord(letter) - ord("A") + 1, letters.upper(), 0)
