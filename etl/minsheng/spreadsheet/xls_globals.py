"""What an xls says once for all its sheets: where each begins, formats, fonts and styles, the files it refers to.

A workbook of Excel 5 to 2003 is a stream of records: a number, a length and a body [MS-XLS].
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from struct import pack, unpack_from

from minsheng.spreadsheet.features import Budget, RefusedError
from minsheng.spreadsheet.formats import BUILT_IN, shown_as, shows_a_date, text_shown_as
from minsheng.spreadsheet.shared_strings import texts_with_runs_in

_EOF, _FILEPASS, _BOUNDSHEET, _WRITEACCESS, _FONT, _XF, _FORMAT, _BOF = 0x0A, 0x2F, 0x85, 0x5C, 0x31, 0xE0, 0x41E, 0x809
_SST, _CONTINUE, _EXTERNSHEET, _SUPBOOK, _DATEMODE = 0xFC, 0x3C, 0x17, 0x1AE, 0x22
_BIFF8 = 0x0600
_MACRO_SHEETS = (1, 6)
_THIS_WORKBOOK, _ADD_INS = b"\x01\x04", b"\x01\x3a"
# The user LibreOffice names. Of a formula that gives text in a cell formatted for numbers it saves the number 0.
_LIBREOFFICE = b"\x04\x00\x00Calc "
# Formats that are dates in China, unless a workbook says otherwise, which calamine does not see.
_DATES_IN_CHINA = frozenset((*range(27, 37), *range(50, 59)))

Records = Iterator[tuple[int, bytes]]


def records(stream: bytes, place: int, budget: Budget) -> Records:
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


def undated_places(stream: bytes, formats: Container[int], budget: Budget) -> Iterator[int]:
    """Where, in the stream, styles name one of these formats, byte by byte."""
    place, kind = 0, _BOF
    while formats and kind != _EOF:
        kind, length = unpack_from("<HH", stream, place)
        budget.spend_element()
        if kind == _XF and unpack_from("<H", stream, place + 6)[0] in formats:
            yield from (place + 6, place + 7)
        place += 4 + length


class Globals:
    """What is said once for all sheets: where each begins, and the styles that show numbers otherwise than they are."""

    def __init__(self, records: Records) -> None:
        self.places: list[int] = []
        self.styles: dict[int, str] = {}
        self.texts: dict[int, str] = {}  # styles that show texts otherwise than they are
        self.external: set[bytes] = set()  # numbers by which formulas know sheets of other files
        self.doubtful: frozenset[int] = frozenset()  # styles in which a formula's 0 may be a text
        # Styles, and shared texts, of which something is struck out or raised.
        self.marked: frozenset[int] = frozenset()
        self.marked_texts: frozenset[int] = frozenset()
        self.undated: set[int] = set()  # formats of numbers, under the numbers of formats of dates
        self.has_dates_from_1904 = False
        self._books: list[bool] = []
        self._shown = dict(BUILT_IN)
        self._texts_shown: dict[int, str] = {}
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
        self.texts = {number: how for number, one in enumerate(self._formats) if (how := self._texts_shown.get(one))}
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
        elif kind == _EXTERNSHEET and self.is_biff8:
            self._take_references(body)
        elif kind == _XF:
            font, number_format = unpack_from("<HH", body)
            self._fonts.append(font)
            self._formats.append(number_format)
        elif kind == _FONT:
            self._marked_fonts.append(bool(body[2] & 0x08 or unpack_from("<H", body, 8)[0]))
        elif kind == _FORMAT:
            self._take_format(unpack_from("<H", body)[0], self._code(body))
        elif kind == _DATEMODE:
            self.has_dates_from_1904 = body[0] == 1

    def _take_format(self, number: int, code: str) -> None:
        if number in _DATES_IN_CHINA and not shows_a_date(code):
            self.undated.add(number)
        self._texts_shown[number] = text_shown_as(code) or ""
        if shown := shown_as(code):
            self._shown[number] = shown
        else:
            self._shown.pop(number, None)

    def _take_sheet(self, body: bytes) -> None:
        place, _, kind = unpack_from("<LBB", body)
        if kind in _MACRO_SHEETS:
            raise RefusedError("macro")
        self.places.append(place)

    def _take_references(self, body: bytes) -> None:
        for number in range(unpack_from("<H", body)[0]):
            if self._books[unpack_from("<H", body, 2 + 6 * number)[0]]:
                self.external.add(pack("<H", number))

    @property
    def is_biff8(self) -> bool:
        """Whether it is of Excel 97 or later."""
        return self._version >= _BIFF8

    def _code(self, body: bytes) -> str:
        if not self.is_biff8:
            return body[3:].decode("gb18030", errors="replace")
        return body[5:].decode("utf-16-le" if body[4] & 1 else "latin-1", errors="replace")


def _font_numbers(marks: list[bool]) -> Iterator[int]:
    """The numbers of the fonts that strike out, raise or lower; they are counted from 0, and none has the number 4."""
    return (place + (place >= 4) for place, is_marked in enumerate(marks) if is_marked)
