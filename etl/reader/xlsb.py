"""What calamine does not tell of an xlsb: the records that say how a cell is shown, and what is hidden.

Its parts are records of a number and a length, of 7 bits a byte, and a body [MS-XLSB].
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from struct import unpack_from

from etl.reader.features import MAX_ROWS, Budget, Features, check_reach
from etl.reader.formats import BUILT_IN, shown_as
from etl.reader.looks import Looks
from etl.reader.xlsx import relation_targets

_ROW, _RK, _ERROR, _REAL, _SHARED, _FORMULA_NUMBER, _FORMULA_ERROR = 0, 2, 3, 5, 7, 9, 11
_FILLED_CELLS = range(2, 12)
_TEXT, _FONT, _FORMAT, _STYLE, _COLUMN, _SHEET, _BEGIN_STYLES, _END_STYLES = 19, 43, 44, 47, 60, 156, 617, 618
_MERGED = 176
# What stands inside a filter that hides something.
_CRITERIA = frozenset({165, 168, 169, 170, 171, 172})
_STYLES = "xl/styles.bin"
_SHARED_TEXTS = "xl/sharedStrings.bin"


def follow_xlsb(archive: zipfile.ZipFile, budget: Budget) -> list[Features]:
    """The features of every sheet, in order; raises as ``follow_xls`` and ``follow_xlsx``."""
    budget.shared_text = sum(one.file_size for one in archive.infolist() if one.filename == _SHARED_TEXTS)
    targets = relation_targets(archive, "xl/workbook.bin", budget)
    sheets = [_text(body, 8) for kind, body in _records(archive, "xl/workbook.bin", budget) if kind == _SHEET]
    looks = _looks(archive, budget)
    return [_Sheet(_records(archive, targets[sheet], budget), looks, budget).features for sheet in sheets]


def beside_cells(archive: zipfile.ZipFile, part: str, budget: Budget) -> Iterator[bytes]:
    """The body of every record of a part that is no cell; raises as ``follow_xlsb``."""
    return (body for kind, body in _records(archive, part, budget) if kind not in _FILLED_CELLS)


def _records(archive: zipfile.ZipFile, part: str, budget: Budget) -> Iterator[tuple[int, bytes]]:
    budget.spend_bytes(archive.getinfo(part).file_size)
    content = archive.read(part)
    place = 0
    while place < len(content):
        kind, place = _seven_bits(content, place, 2)
        length, place = _seven_bits(content, place, 4)
        budget.spend_element()
        yield kind, content[place : place + length]
        place += length


def _seven_bits(content: bytes, place: int, most: int) -> tuple[int, int]:
    """A number of up to ``most`` bytes, lowest first, of which the last has no high bit; and where it ends."""
    number = 0
    for count in range(most):
        byte = content[place + count]
        number |= (byte & 0x7F) << 7 * count
        if byte < 0x80:
            return number, place + count + 1
    return number, place + most


def _text(body: bytes, place: int) -> str:
    length = unpack_from("<L", body, place)[0]
    return body[place + 4 : place + 4 + 2 * length].decode("utf-16-le")


def _looks(archive: zipfile.ZipFile, budget: Budget) -> Looks[int]:
    if _STYLES not in archive.namelist():
        return Looks({}, frozenset(), frozenset())
    shown = dict(BUILT_IN)
    fonts: list[bool] = []
    styles: list[tuple[int, int]] = []
    is_for_cells = False
    for kind, body in _records(archive, _STYLES, budget):
        if kind == _FORMAT:
            shown[unpack_from("<H", body)[0]] = shown_as(_text(body, 2)) or ""
        elif kind == _FONT:
            fonts.append(bool(body[2] & 0x08 or unpack_from("<H", body, 6)[0]))
        elif kind in (_BEGIN_STYLES, _END_STYLES):
            is_for_cells = kind == _BEGIN_STYLES
        elif kind == _STYLE and is_for_cells:
            styles.append(unpack_from("<HH", body, 2))
    marked = frozenset(number for number, is_marked in enumerate(fonts) if is_marked)
    return Looks(
        {number: how for number, (one, _) in enumerate(styles) if (how := shown.get(one))},
        frozenset(number for number, (_, font) in enumerate(styles) if font in marked),
        _marked_texts(archive, marked, budget),
    )


def _marked_texts(archive: zipfile.ZipFile, fonts: frozenset[int], budget: Budget) -> frozenset[int]:
    if not fonts or _SHARED_TEXTS not in archive.namelist():
        return frozenset()
    texts = (body for kind, body in _records(archive, _SHARED_TEXTS, budget) if kind == _TEXT)
    return frozenset(number for number, body in enumerate(texts) if not fonts.isdisjoint(_fonts_of_runs(body)))


def _fonts_of_runs(text: bytes) -> Iterator[int]:
    """The fonts of a text's runs; one that begins behind the last character is none."""
    if text[0] & 1:
        length = unpack_from("<L", text, 1)[0]
        place = 5 + 2 * length
        for number in range(unpack_from("<L", text, place)[0]):
            first, font = unpack_from("<HH", text, place + 4 + 4 * number)
            if first < length:
                yield font


class _Sheet:
    """One sheet, followed record by record."""

    def __init__(self, records: Iterator[tuple[int, bytes]], looks: Looks[int], budget: Budget) -> None:
        self.features = Features()
        self._looks = looks
        self._budget = budget
        self._row = 0
        self._filled: set[tuple[int, int]] = set()
        for kind, body in records:
            self._take(kind, body)

    def _take(self, kind: int, body: bytes) -> None:
        if kind == _ROW:
            self._enter_row(*unpack_from("<L7xB", body))
        elif kind in _FILLED_CELLS:
            self._enter_cell(kind, body)
        elif kind == _COLUMN and body[16] & 1:
            self.features.hide_columns(*unpack_from("<LL", body))
        elif kind == _MERGED:
            self._cover(*unpack_from("<4L", body))
        elif kind in _CRITERIA:
            self.features.is_filtered = True

    def _enter_row(self, row: int, flags: int) -> None:
        self._row = row
        if flags & 0x10 and row < MAX_ROWS:
            self.features.hidden_rows.add(row)

    def _enter_cell(self, kind: int, body: bytes) -> None:
        column, style = unpack_from("<LL", body)
        check_reach(self._row, column)
        if kind == _SHARED:
            self._budget.spend_text()
        self._filled.add((self._row, column))
        if broken := self._broken(kind, style & 0xFFFFFF, body):
            self.features.broken[self._row, column] = broken

    def _cover(self, top: int, bottom: int, left: int, right: int) -> None:
        """Of a merged range only the first cell is seen; calamine does not tell what is merged in an xlsb."""
        for row, column in self._filled - {(top, left)}:
            if top <= row <= bottom and left <= column <= right:
                self.features.broken[row, column] = "scaled"

    def _broken(self, kind: int, style: int, body: bytes) -> str | None:
        if kind in (_ERROR, _FORMULA_ERROR):
            return "error"
        is_marked = kind == _SHARED and unpack_from("<L", body, 8)[0] in self._looks.marked_texts
        if is_marked or style in self._looks.marked_styles:
            return "scaled"
        return self._looks.numbers.get(style) if kind in (_RK, _REAL, _FORMULA_NUMBER) else None
