"""What calamine does not tell of an xls: the records that say how a cell is shown, and what is hidden.

Cells of sheets of Excel 5 to 2003 are records of a number, a length and a body [MS-XLS].
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from struct import unpack_from

from minsheng.spreadsheet import xls_conditional
from minsheng.spreadsheet.appearance import shown_by
from minsheng.spreadsheet.features import MAX_ROWS, Budget, Features, check_reach
from minsheng.spreadsheet.inspected import Followed
from minsheng.spreadsheet.ole import property_streams, with_bytes, workbook_stream
from minsheng.spreadsheet.xls_formulas import formula_text
from minsheng.spreadsheet.xls_globals import Globals, Records, records, undated_places

_FORMULA, _COLINFO, _FILTERMODE, _UNCALCED, _MULRK = 0x06, 0x7D, 0x9B, 0x5E, 0xBD
_NUMBER, _BOOLERR, _ROW, _RK, _STRING, _LABELSST, _LABEL = 0x203, 0x205, 0x208, 0x27E, 0x207, 0xFD, 0x204
_RSTRING, _SST, _CONTINUE = 0xD6, 0xFC, 0x3C
_CELLS = frozenset({_NUMBER, _RK, _MULRK, _BOOLERR, _FORMULA, _STRING, _LABEL, _LABELSST, _RSTRING, _SST})

# What begins a reference to another sheet inside a formula; its number follows.
_OTHER_SHEET = re.compile(rb"[\x3a-\x3d\x5a-\x5d\x7a-\x7d](..)", re.S)

# What is wrong with a result, by its kind, as long as nothing more follows.
_NOT_THERE = {0: "no_value", 2: "error"}
# What a formula ends with that calculates with + - * / or ^: its result is a number.
_CALCULATES = range(0x03, 0x08)

# Headers and footers, the prompts of cells, comments and text boxes.
_BESIDE_THE_TABLE = frozenset({0x14, 0x15, 0x1BE, 0x1B6, 0x1C})

# What a formula says of itself: that it is to be calculated when the workbook is opened.
_CALCULATE_ON_OPENING = 0x02


def follow_xls(content: bytes, budget: Budget) -> Followed:
    """What is known of a workbook.

    Raises RefusedError: ``encrypted``, ``macro``, ``too_large`` as ``follow_xlsx``; KeyError, ValueError, IndexError
    or struct.error for what no spreadsheet program writes.
    """
    stream = workbook_stream(content)
    book = Globals(records(stream, 0, budget))
    features = [_Sheet(records(stream, place, budget), book).finished(budget) for place in book.places]
    changed = dict.fromkeys(undated_places(stream, book.undated, budget), 0)
    return Followed(features, with_bytes(content, changed) if changed else content)


def outside_cells(content: bytes, budget: Budget) -> Iterator[tuple[bytes, bool]]:
    """The body of every record that is no cell, and whether it is beside the table; and the file's properties.

    Raises as ``follow_xls``.
    """
    yield from ((stream, False) for stream in property_streams(content))
    stream = workbook_stream(content)
    place = kind = 0
    while place + 4 <= len(stream):
        number, length = unpack_from("<HH", stream, place)
        budget.spend_element()
        kind = kind if number == _CONTINUE else number
        if kind not in _CELLS:
            yield stream[place + 4 : place + 4 + length], kind in _BESIDE_THE_TABLE
        place += 4 + length


class _Sheet:
    """One sheet, followed record by record."""

    def __init__(self, records: Records, book: Globals) -> None:
        self.features = Features(has_dates_from_1904=book.has_dates_from_1904)
        self._book = book
        self._conditions = xls_conditional.XlsConditions()
        self._filled: dict[tuple[int, int], bool] = {}  # whether a number stands there
        self._styles = book.styles | dict.fromkeys(book.marked, "scaled")
        self._formula_place, self._formula_style = (0, 0), 0
        for kind, body in records:
            self._take(kind, body)

    def finished(self, budget: Budget) -> Features:
        """What is known of the sheet, conditional formats included, which stand behind the cells."""
        for look, areas in self._conditions.found:
            if look.number or look.is_marked:
                for place, how in shown_by(look, areas, self._filled, budget):
                    self.features.broken.setdefault(place, how)
        return self.features

    def _take(self, kind: int, body: bytes) -> None:
        if kind in (_NUMBER, _RK):
            self._number(*unpack_from("<HHH", body))
        elif kind == _MULRK:
            row, first = unpack_from("<HH", body)
            for number in range((len(body) - 6) // 6):
                self._number(row, first + number, unpack_from("<H", body, 4 + 6 * number)[0])
        elif kind == _LABELSST:
            self._label(*unpack_from("<HHHL", body))
        elif kind == _LABEL:
            self._label(*unpack_from("<HHH", body))
        elif kind == _FORMULA:
            self._formula(body)
        elif kind == _STRING and self.features.broken.get(self._formula_place) == "no_value":
            del self.features.broken[self._formula_place]
            self._label(*self._formula_place, self._formula_style)
        elif kind == _BOOLERR and body[7]:
            row, column = unpack_from("<HH", body)
            self._mark(row, column, "error")
        elif kind == _ROW:
            self._row(*unpack_from("<H10xH", body))
        elif kind == _COLINFO and body[8] & 1:
            self.features.hide_columns(*unpack_from("<HH", body))
        elif kind == _FILTERMODE:
            self.features.is_filtered = True
        elif kind == _UNCALCED:
            self.features.has_stale_results = True
        else:
            self._conditions.take(kind, body)

    def _row(self, row: int, flags: int) -> None:
        if flags & 0x20 and row < MAX_ROWS:
            self.features.hidden_rows.add(row)

    def _number(self, row: int, column: int, style: int) -> None:
        check_reach(row, column)
        self._filled[row, column] = True
        if style in self._styles:
            self._mark(row, column, self._styles[style])

    def _label(self, row: int, column: int, style: int, shared: int = -1) -> None:
        self._filled[row, column] = False
        if style in self._book.marked or shared in self._book.marked_texts:
            self._mark(row, column, "scaled")
        elif style in self._book.texts:
            self._mark(row, column, self._book.texts[style])

    def _formula(self, body: bytes) -> None:
        """The last two bytes of a result that is no number are all ones, and its first byte says what it is.

        A text follows in a record of its own.
        """
        row, column, style = unpack_from("<HHH", body)
        self._formula_place, self._formula_style = (row, column), style
        if any(number in self._book.external for number in _OTHER_SHEET.findall(body, 22)):
            self._mark(row, column, "external")
        elif body[12:14] != b"\xff\xff":
            self._number(row, column, style)
            self._calculate(row, column, body)
            if style in self._book.doubtful and _may_be_text(body):
                self._mark(row, column, "no_value")
        elif body[6] in _NOT_THERE:
            self._mark(row, column, _NOT_THERE[body[6]])

    def _calculate(self, row: int, column: int, body: bytes) -> None:
        """Note a formula that gives a number, for its result to be held against."""
        self.features.has_stale_results |= bool(body[14] & _CALCULATE_ON_OPENING)
        length = unpack_from("<H", body, 20)[0]
        self.features.formulas[row, column] = formula_text(body[22 : 22 + length]) if self._book.is_biff8 else ""

    def _mark(self, row: int, column: int, broken: str) -> None:
        check_reach(row, column)
        self.features.broken[row, column] = broken


def _may_be_text(body: bytes) -> bool:
    """Whether a formula's result is stored as 0 and its last operation may have given something else."""
    last = body[21 + unpack_from("<H", body, 20)[0]]
    return body[6:14] == bytes(8) and last not in _CALCULATES
