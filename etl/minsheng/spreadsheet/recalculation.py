"""Formulas whose stored result was never calculated, or no longer follows from the cells they name.

Libraries that write workbooks store 0, or what a template held, and leave the calculation to the program that opens
the file. Only the plainest formulas are calculated here, to hold their results against: numbers, cells, + - * / and
SUM. docs/adr/0012 says why neither the flags in the file nor a refusal of all formulas would do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import isclose, isfinite

from minsheng.spreadsheet.appearance import Area, Place
from minsheng.spreadsheet.features import FAULTS
from minsheng.spreadsheet.grid import Grid
from minsheng.spreadsheet.numbers import CellValue
from minsheng.spreadsheet.references import area_in

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:E[+-]?[0-9]+)?)(?![\w.:!])"
    r"|(?:(?P<sheet>'(?:[^']|'')+'|[^\W\d][\w.]*)!)?(?P<cells>\$?[A-Z]{1,3}\$?[0-9]{1,7}(?::\$?[A-Z]{1,3}\$?[0-9]{1,7})?)"
    r"(?![\w(.:!])|(?P<sum>SUM)(?=\()|(?P<sign>[-+*/(),%]))\s*",
    re.I,
)
_LONGEST = 250
_DEEPEST = 20
_MOST_CELLS = 100_000
# As a share of the number: what counting in binary leaves over.
_TOLERANCE = 1e-9

# A cell, by sheet.
_Key = tuple[str, Place]


def mark_stale_results(grids: Sequence[Grid]) -> None:
    """Mark ``no_value`` what cannot be the result of its formula, and forget the formulas.

    Where the file says itself that its formulas are still to be calculated, that is every number which cannot be
    calculated here too; elsewhere it is one that comes out differently.
    """
    calculation = _Calculation(grids)
    for grid in grids:
        for place in grid.features.formulas:
            if grid.features.broken.get(place) not in FAULTS and calculation.is_stale(grid, place):
                grid.features.broken[place] = "no_value"
    for grid in grids:
        grid.features.formulas.clear()


class _UnknownError(Exception):
    """Something that is not calculated here."""


class _Calculation:
    """The formulas of a workbook, each calculated once."""

    def __init__(self, grids: Sequence[Grid]) -> None:
        self._grids = {grid.name.casefold(): grid for grid in grids}
        self._results: dict[_Key, float | None] = {}
        self._begun: list[_Key] = []
        self._cells_left = _MOST_CELLS

    def is_stale(self, grid: Grid, place: Place) -> bool:
        """Whether the result of a formula must not be taken for it; a text may stand for itself."""
        stored, result = grid.at(*place), self._result(grid, place)
        if isinstance(stored, str) and stored:
            return False
        if result is None or isinstance(stored, bool) or not isinstance(stored, int | float):
            return grid.features.has_stale_results
        return not isclose(stored, result, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)

    def area(self, grid: Grid, sheet: str | None, area: Area) -> Iterator[CellValue]:
        """The values in an area, blank ones left out; raises _UnknownError for those of an unknown formula."""
        there = self._grids.get(sheet.casefold()) if sheet else grid
        if there is None:
            raise _UnknownError
        top, bottom, left, right = area
        for row in range(top, min(bottom + 1, len(there.rows))):
            for column in range(left, min(right + 1, len(there.rows[row]))):
                value = self._value(there, (row, column))
                if value not in (None, ""):
                    yield value

    def _value(self, grid: Grid, place: Place) -> CellValue:
        self._cells_left -= 1
        if self._cells_left < 0 or grid.features.broken.get(place) in FAULTS - {"no_value"}:
            raise _UnknownError
        if place not in grid.features.formulas:
            if grid.broken_at(*place) == "no_value":
                raise _UnknownError
            return grid.at(*place)
        if (grid.name, place) in self._begun:
            raise _UnknownError
        result = self._result(grid, place)
        if result is None and grid.features.has_stale_results:
            raise _UnknownError
        return grid.at(*place) if result is None else result

    def _result(self, grid: Grid, place: Place) -> float | None:
        """What a formula comes to; None: that is not calculated here, or it takes part in a circle."""
        key = (grid.name, place)
        if key not in self._results:
            self._begun.append(key)
            self._results[key] = self._calculated(grid, grid.features.formulas[place])
            self._begun.pop()
        return self._results[key]

    def _calculated(self, grid: Grid, formula: str) -> float | None:
        if len(self._begun) > _DEEPEST or len(formula) > _LONGEST:
            return None
        try:
            result = _Formula(self, grid, formula).result()
            return result if isfinite(result) else None
        except (_UnknownError, ArithmeticError, RecursionError):  # ((((…
            return None


class _Formula:
    """One formula, taken token by token."""

    def __init__(self, calculation: _Calculation, grid: Grid, text: str) -> None:
        self._calculation = calculation
        self._grid = grid
        self._tokens = list(_tokens(text))
        self._place = 0

    def result(self) -> float:
        """The number it comes to; raises _UnknownError or ArithmeticError."""
        result = self._sum()
        if self._next() is not None:
            raise _UnknownError
        return result

    def _sum(self) -> float:
        result = self._product()
        while sign := self._took("+-"):
            result += self._product() if sign == "+" else -self._product()
        return result

    def _product(self) -> float:
        result = self._signed()
        while sign := self._took("*/"):
            other = self._signed()
            result = result * other if sign == "*" else result / other
        return result

    def _signed(self) -> float:
        if sign := self._took("+-"):
            return self._signed() if sign == "+" else -self._signed()
        result = self._single()
        while self._took("%"):
            result /= 100
        return result

    def _single(self) -> float:
        token = self._take()
        if token["number"]:
            return float(token["number"])
        if token["cells"]:
            return self._one_cell(token)
        if token["sum"]:
            self._take()
            return self._total()
        if token["sign"] != "(":
            raise _UnknownError
        result = self._sum()
        self._expect(")")
        return result

    def _total(self) -> float:
        result = 0.0
        while True:
            token, after = self._next(), self._next(1)
            if token and token["cells"] and after and after["sign"] in (",", ")"):
                self._place += 1
                result += sum(map(_added, self._values(token)))
            else:
                result += self._sum()
            if not self._took(","):
                self._expect(")")
                return result

    def _one_cell(self, token: re.Match[str]) -> float:
        if ":" in token["cells"]:
            raise _UnknownError
        values = list(self._values(token))
        if not all(map(_is_number, values)):
            raise _UnknownError
        return sum(map(_added, values))

    def _values(self, token: re.Match[str]) -> Iterator[CellValue]:
        sheet = token["sheet"] and token["sheet"].strip("'").replace("''", "'")
        return self._calculation.area(self._grid, sheet, area_in(token["cells"]))

    def _next(self, ahead: int = 0) -> re.Match[str] | None:
        place = self._place + ahead
        return self._tokens[place] if place < len(self._tokens) else None

    def _take(self) -> re.Match[str]:
        token = self._next()
        if token is None:
            raise _UnknownError
        self._place += 1
        return token

    def _took(self, signs: str) -> str | None:
        token = self._next()
        if token is None or not token["sign"] or token["sign"] not in signs:
            return None
        self._place += 1
        return token["sign"]

    def _expect(self, sign: str) -> None:
        if not self._took(sign):
            raise _UnknownError


def _tokens(text: str) -> Iterator[re.Match[str]]:
    place = 0
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            raise _UnknownError
        yield token
        place = token.end()


def _is_number(value: CellValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _added(value: CellValue) -> float:
    """What SUM makes of a value of an area: texts and truths do not count."""
    if isinstance(value, str | bool):
        return 0
    if not isinstance(value, int | float):
        raise _UnknownError
    return value
