"""What calamine does not tell of an xlsb: the records that say how a cell is shown, and what is hidden.

Its parts are records of a number and a length, of 7 bits a byte, and a body [MS-XLSB].
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from struct import unpack_from

from etl.reader.features import MAX_ROWS, Budget, Features, check_reach
from etl.reader.formats import BUILT_IN_PERCENTS, shown_as
from etl.reader.xlsx import relation_targets

_ROW, _RK, _ERROR, _REAL, _SHARED, _FORMULA_NUMBER, _FORMULA_ERROR = 0, 2, 3, 5, 7, 9, 11
_FILLED_CELLS = range(2, 12)
_FORMAT, _STYLE, _COLUMN, _SHEET, _BEGIN_STYLES, _END_STYLES = 44, 47, 60, 156, 617, 618
# What stands inside a filter that hides something.
_CRITERIA = frozenset({165, 168, 169, 170, 171, 172})
_STYLES = "xl/styles.bin"


def follow_xlsb(archive: zipfile.ZipFile, budget: Budget) -> list[Features]:
    """The features of every sheet, in order; raises as ``follow_xls`` and ``follow_xlsx``."""
    budget.shared_text = sum(one.file_size for one in archive.infolist() if one.filename == "xl/sharedStrings.bin")
    targets = relation_targets(archive, "xl/workbook.bin", budget)
    sheets = [_text(body, 8) for kind, body in _records(archive, "xl/workbook.bin", budget) if kind == _SHEET]
    styles = _styles(archive, budget)
    return [_Sheet(_records(archive, targets[sheet], budget), styles, budget).features for sheet in sheets]


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


def _styles(archive: zipfile.ZipFile, budget: Budget) -> dict[int, str]:
    """The styles, by the number cells give, that show a number otherwise than it is, and how."""
    if _STYLES not in archive.namelist():
        return {}
    shown = dict.fromkeys(BUILT_IN_PERCENTS, "percent")
    formats: list[int] = []
    is_for_cells = False
    for kind, body in _records(archive, _STYLES, budget):
        if kind == _FORMAT:
            shown[unpack_from("<H", body)[0]] = shown_as(_text(body, 2)) or ""
        elif kind in (_BEGIN_STYLES, _END_STYLES):
            is_for_cells = kind == _BEGIN_STYLES
        elif kind == _STYLE and is_for_cells:
            formats.append(unpack_from("<H", body, 2)[0])
    return {number: how for number, one in enumerate(formats) if (how := shown.get(one))}


class _Sheet:
    """One sheet, followed record by record."""

    def __init__(self, records: Iterator[tuple[int, bytes]], styles: dict[int, str], budget: Budget) -> None:
        self.features = Features()
        self._styles = styles
        self._budget = budget
        self._row = 0
        for kind, body in records:
            self._take(kind, body)

    def _take(self, kind: int, body: bytes) -> None:
        if kind == _ROW:
            self._enter_row(*unpack_from("<L7xB", body))
        elif kind in _FILLED_CELLS:
            self._enter_cell(kind, *unpack_from("<LL", body))
        elif kind == _COLUMN and body[16] & 1:
            self.features.hide_columns(*unpack_from("<LL", body))
        elif kind in _CRITERIA:
            self.features.is_filtered = True

    def _enter_row(self, row: int, flags: int) -> None:
        self._row = row
        if flags & 0x10 and row < MAX_ROWS:
            self.features.hidden_rows.add(row)

    def _enter_cell(self, kind: int, column: int, style: int) -> None:
        check_reach(self._row, column)
        place, shown = (self._row, column), self._styles.get(style & 0xFFFFFF)
        if kind in (_ERROR, _FORMULA_ERROR):
            self.features.broken[place] = "error"
        elif kind in (_RK, _REAL, _FORMULA_NUMBER) and shown:
            self.features.broken[place] = shown
        elif kind == _SHARED:
            self._budget.spend_text()
