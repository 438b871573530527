"""What calamine does not tell of an xls: the records that say how a cell is shown, and what is hidden.

Cells of sheets of Excel 5 to 2003 are records of a number, a length and a body [MS-XLS].
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from struct import pack, unpack_from

from etl.reader.features import MAX_ROWS, Budget, Features, RefusedError, check_reach
from etl.reader.formats import BUILT_IN, shown_as
from etl.reader.ole import property_streams, workbook_stream
from etl.reader.sst import texts_with_runs_in

_FORMULA, _EOF, _FILEPASS, _COLINFO, _BOUNDSHEET, _FILTERMODE = 0x06, 0x0A, 0x2F, 0x7D, 0x85, 0x9B
_MULRK, _XF, _NUMBER, _BOOLERR, _ROW, _RK, _FORMAT, _BOF = 0xBD, 0xE0, 0x203, 0x205, 0x208, 0x27E, 0x41E, 0x809
_WRITEACCESS, _STRING, _FONT, _LABELSST, _LABEL = 0x5C, 0x207, 0x31, 0xFD, 0x204
_RSTRING, _SST, _CONTINUE = 0xD6, 0xFC, 0x3C
_CELLS = frozenset({_NUMBER, _RK, _MULRK, _BOOLERR, _FORMULA, _STRING, _LABEL, _LABELSST, _RSTRING, _SST})
_BIFF8 = 0x0600
_MACRO_SHEETS = (1, 6)

_EXTERNSHEET, _SUPBOOK = 0x17, 0x1AE
_THIS_WORKBOOK, _ADD_INS = b"\x01\x04", b"\x01\x3a"
# What begins a reference to another sheet inside a formula; its number follows.
_OTHER_SHEET = re.compile(rb"[\x3a-\x3d\x5a-\x5d\x7a-\x7d](..)", re.S)

# The user LibreOffice names. Of a formula that gives text in a cell formatted for numbers it saves the number 0.
_LIBREOFFICE = b"\x04\x00\x00Calc "
# What is wrong with a result, by its kind, as long as nothing more follows.
_NOT_THERE = {0: "no_value", 2: "error"}
# What a formula ends with that calculates with + - * / or ^: its result is a number.
_CALCULATES = range(0x03, 0x08)

_Records = Iterator[tuple[int, bytes]]


def follow_xls(content: bytes, budget: Budget) -> list[Features]:
    """The features of every sheet, in order.

    Raises RefusedError: ``encrypted``, ``macro``, ``too_large`` as ``follow_xlsx``; KeyError, ValueError, IndexError
    or struct.error for what no spreadsheet program writes.
    """
    stream = workbook_stream(content)
    book = _Globals(_records(stream, 0, budget))
    return [_Sheet(_records(stream, place, budget), book).features for place in book.places]


def outside_cells(content: bytes, budget: Budget) -> Iterator[bytes]:
    """The body of every record that is no cell, and the file's properties; raises as ``follow_xls``."""
    yield from property_streams(content)
    stream = workbook_stream(content)
    place = kind = 0
    while place + 4 <= len(stream):
        number, length = unpack_from("<HH", stream, place)
        budget.spend_element()
        kind = kind if number == _CONTINUE else number
        if kind not in _CELLS:
            yield stream[place + 4 : place + 4 + length]
        place += 4 + length


def _records(stream: bytes, place: int, budget: Budget) -> _Records:
    """The records from here to the end of this part; those of charts within it do not count."""
    depth = 0
    while True:
        kind, length = unpack_from("<HH", stream, place)
        budget.spend_element()
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 0:
            return
        if depth == 1:
            yield kind, stream[place + 4 : place + 4 + length]
        place += 4 + length


class _Globals:
    """What is said once for all sheets: where each begins, and the styles that show numbers otherwise than they are."""

    def __init__(self, records: _Records) -> None:
        self.places: list[int] = []
        self.styles: dict[int, str] = {}
        self.external: set[bytes] = set()  # numbers by which formulas know sheets of other files
        self.doubtful: frozenset[int] = frozenset()  # styles in which a formula's 0 may be a text
        self.marked: frozenset[int] = (
            frozenset()
        )  # styles, and shared texts, of which something is struck out or raised
        self.marked_texts: frozenset[int] = frozenset()
        self._books: list[bool] = []
        self._shown = dict(BUILT_IN)
        self._formats: list[int] = []
        self._fonts: list[int] = []  # of the styles
        self._marked_fonts: list[bool] = []
        self._texts: list[bytes] = []  # the record of shared texts, and those that continue it
        self._version = 0
        self._is_libreoffice = False
        is_text = False
        for kind, body in records:
            is_text = kind == _SST or (is_text and kind == _CONTINUE)
            if is_text:
                self._texts.append(body)
            else:
                self._take(kind, body)
        self._look_up()

    def _look_up(self) -> None:
        """Say of styles and texts what was said of the formats and fonts they name."""
        self.styles = {number: self._shown[one] for number, one in enumerate(self._formats) if one in self._shown}
        marked_fonts = frozenset(_font_numbers(self._marked_fonts))
        self.marked = frozenset(number for number, font in enumerate(self._fonts) if font in marked_fonts)
        if marked_fonts and self._texts:
            self.marked_texts = texts_with_runs_in(marked_fonts, self._texts)
        if self._is_libreoffice:
            self.doubtful = frozenset(number for number, one in enumerate(self._formats) if one)

    def _take(self, kind: int, body: bytes) -> None:
        if kind == _BOF:
            self._version = unpack_from("<H", body)[0]
        elif kind == _FILEPASS:
            raise RefusedError("encrypted")
        elif kind == _WRITEACCESS:
            self._is_libreoffice = body.startswith(_LIBREOFFICE)
        elif kind == _BOUNDSHEET:
            self._take_sheet(body)
        elif kind == _SUPBOOK:
            self._books.append(body[2:4] not in (_THIS_WORKBOOK, _ADD_INS))
        elif kind == _EXTERNSHEET and self._version >= _BIFF8:
            self._take_references(body)
        elif kind == _XF:
            font, number_format = unpack_from("<HH", body)
            self._fonts.append(font)
            self._formats.append(number_format)
        elif kind == _FONT:
            self._marked_fonts.append(bool(body[2] & 0x08 or unpack_from("<H", body, 8)[0]))
        elif kind == _FORMAT:
            shown = shown_as(self._code(body))
            if shown:
                self._shown[unpack_from("<H", body)[0]] = shown

    def _take_sheet(self, body: bytes) -> None:
        place, _, kind = unpack_from("<LBB", body)
        if kind in _MACRO_SHEETS:
            raise RefusedError("macro")
        self.places.append(place)

    def _take_references(self, body: bytes) -> None:
        for number in range(unpack_from("<H", body)[0]):
            if self._books[unpack_from("<H", body, 2 + 6 * number)[0]]:
                self.external.add(pack("<H", number))

    def _code(self, body: bytes) -> str:
        if self._version < _BIFF8:
            return body[3:].decode("gb18030", errors="replace")
        return body[5:].decode("utf-16-le" if body[4] & 1 else "latin-1", errors="replace")


def _font_numbers(marks: list[bool]) -> Iterator[int]:
    """The numbers of the fonts that strike out, raise or lower; they are counted from 0, and none has the number 4."""
    return (place + (place >= 4) for place, is_marked in enumerate(marks) if is_marked)


class _Sheet:
    """One sheet, followed record by record."""

    def __init__(self, records: _Records, book: _Globals) -> None:
        self.features = Features()
        self._styles = book.styles | dict.fromkeys(book.marked, "scaled")
        self._marked = book.marked
        self._marked_texts = book.marked_texts
        self._external = book.external
        self._doubtful = book.doubtful
        self._formula_place = (0, 0)
        for kind, body in records:
            self._take(kind, body)

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
        elif kind == _BOOLERR and body[7]:
            row, column = unpack_from("<HH", body)
            self._mark(row, column, "error")
        elif kind == _ROW:
            self._row(*unpack_from("<H10xH", body))
        elif kind == _COLINFO and body[8] & 1:
            self.features.hide_columns(*unpack_from("<HH", body))
        elif kind == _FILTERMODE:
            self.features.is_filtered = True

    def _row(self, row: int, flags: int) -> None:
        if flags & 0x20 and row < MAX_ROWS:
            self.features.hidden_rows.add(row)

    def _number(self, row: int, column: int, style: int) -> None:
        check_reach(row, column)
        if style in self._styles:
            self._mark(row, column, self._styles[style])

    def _label(self, row: int, column: int, style: int, shared: int = -1) -> None:
        if style in self._marked or shared in self._marked_texts:
            self._mark(row, column, "scaled")

    def _formula(self, body: bytes) -> None:
        """The last two bytes of a result that is no number are all ones, and its first byte says what it is.

        A text follows in a record of its own.
        """
        row, column, style = unpack_from("<HHH", body)
        self._formula_place = row, column
        if any(number in self._external for number in _OTHER_SHEET.findall(body, 22)):
            self._mark(row, column, "external")
        elif body[12:14] != b"\xff\xff":
            self._number(row, column, style)
            if style in self._doubtful and _may_be_text(body):
                self._mark(row, column, "no_value")
        elif body[6] in _NOT_THERE:
            self._mark(row, column, _NOT_THERE[body[6]])

    def _mark(self, row: int, column: int, broken: str) -> None:
        check_reach(row, column)
        self.features.broken[row, column] = broken


def _may_be_text(body: bytes) -> bool:
    """Whether a formula's result is stored as 0 and its last operation may have given something else."""
    last = body[21 + unpack_from("<H", body, 20)[0]]
    return body[6:14] == bytes(8) and last not in _CALCULATES
