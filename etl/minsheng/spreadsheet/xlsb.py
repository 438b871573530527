"""What calamine does not tell of an xlsb: the records that say how a cell is shown, and what is hidden.

Its parts are records of a number and a length, of 7 bits a byte, and a body [MS-XLSB]. As with an xlsx, calamine is
given the parts that were followed, under the names and with the kinds of cells it knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from struct import pack, unpack_from

from minsheng.spreadsheet.appearance import Area, Look, Looks, Place, shown_by
from minsheng.spreadsheet.archive import Archive
from minsheng.spreadsheet.features import FAULTS, MAX_ROWS, Budget, Features, check_reach
from minsheng.spreadsheet.inspected import Followed, packed, relations_part
from minsheng.spreadsheet.package import Package
from minsheng.spreadsheet.xlsb_records import Record, read_records, wide_text, written
from minsheng.spreadsheet.xlsb_styles import fonts_of_runs, read_looks

_ROW, _RK, _ERROR, _REAL, _SHARED, _FORMULA_NUMBER, _FORMULA_ERROR = 0, 2, 3, 5, 7, 9, 11
_FILLED_CELLS = range(2, 12)
_FORMULAS = range(8, 12)
_NUMBERS = frozenset({_RK, _REAL, _FORMULA_NUMBER})
# A cell that leaves out its column stands behind the last one; its number is that of the full cell and so much more.
_SHORT_CELLS, _SHORTENED_BY = range(12, 19), 11
_BLANK, _TEXT_CELL, _RICH_CELL = 1, 6, 62
_COLUMN, _WORKBOOK, _SHEET, _CALCULATION, _SHEET_CALCULATION = 60, 153, 156, 157, 663
_MERGED, _CONDITIONAL, _CONDITION = 176, 461, 463
# What stands inside a filter that hides something.
_CRITERIA = frozenset({165, 168, 169, 170, 171, 172})
# The error values calamine knows; it gives up at any other.
_KNOWN_ERRORS = frozenset({0x00, 0x07, 0x0F, 0x17, 0x1D, 0x24, 0x2A, 0x2B})
_VALUE_ERROR = b"\x0f"
_TO_BE_CALCULATED = 0x11  # on opening; some were not when it was saved


@dataclass(frozen=True)
class _Workbook:
    """The records and parts that say what stands in the cells; a part that is not there is empty."""

    book: tuple[Record, ...]
    sheets: tuple[tuple[bytes, bytes], ...]  # what the workbook says of it, and its part
    styles: bytes
    texts: bytes


def follow_xlsb(archive: Archive, budget: Budget) -> Followed:
    """The features of every sheet, in order, and the workbook for calamine; raises as ``follow_xlsx``."""
    workbook = _read(Package(archive, budget), budget)
    budget.shared_text = len(workbook.texts)
    looks = read_looks(workbook.styles, workbook.texts, budget)
    features = [_Sheet(_cells(sheet, budget), looks, budget).features for _, sheet in workbook.sheets]
    for one in features:
        one.has_dates_from_1904 = any(kind == _WORKBOOK and body[0] & 1 for kind, body in workbook.book)
        one.has_stale_results |= any(
            kind == _CALCULATION and body[24] & _TO_BE_CALCULATED for kind, body in workbook.book
        )
    return Followed(features, _for_calamine(workbook, budget))


def beside_cells(archive: Archive, part: str, budget: Budget) -> Iterator[bytes]:
    """The body of every record of a part that is no cell; raises as ``follow_xlsb``."""
    budget.spend_bytes(archive.getinfo(part).file_size)
    records = read_records(archive.unpacked(part), budget)
    return (body for kind, body in _with_full_cells(records) if kind not in _FILLED_CELLS)


def _read(package: Package, budget: Budget) -> _Workbook:
    part = package.workbook() or ""
    book = tuple(read_records(package.read(part), budget))
    styles, texts = (package.related(part, kind) for kind in ("styles", "sharedStrings"))
    return _Workbook(
        book,
        tuple((body, package.read(place)) for body, place in _sheets(package, part, book)),
        package.read(styles) if styles else b"",
        package.read(texts) if texts else b"",
    )


def _sheets(package: Package, part: str, book: Iterable[Record]) -> list[tuple[bytes, str]]:
    """What the workbook says of each sheet with cells, and its part."""
    sheets = [body for kind, body in book if kind == _SHEET]
    names = [wide_text(body, 8) for body in sheets]
    named = dict(zip(names, sheets, strict=True))
    return [(named[name], place) for name, place in package.sheets(part, names)]


def _cells(sheet: bytes, budget: Budget) -> Iterator[Record]:
    return _with_full_cells(read_records(sheet, budget))


def _with_full_cells(records: Iterable[Record]) -> Iterator[Record]:
    """The records with cells of the kinds that calamine knows."""
    column = -1
    for kind, body in records:
        if kind == _ROW:
            column = -1
        elif kind in _SHORT_CELLS:
            column += 1
            kind, body = kind - _SHORTENED_BY, pack("<L", column) + body
        elif kind in (_BLANK, *_FILLED_CELLS, _RICH_CELL):
            column = unpack_from("<L", body)[0]
        yield kind, body


def _for_calamine(workbook: _Workbook, budget: Budget) -> bytes:
    known = {body: f"worksheets/sheet{number}.bin" for number, (body, _) in enumerate(workbook.sheets, start=1)}
    parts = {
        "xl/workbook.bin": written(one for one in workbook.book if one[0] != _SHEET or one[1] in known),
        "xl/_rels/workbook.bin.rels": relations_part(
            "worksheet", {wide_text(body, 8): name for body, name in known.items()}
        ),
        "xl/styles.bin": workbook.styles,
        "xl/sharedStrings.bin": workbook.texts,
    }
    for body, sheet in workbook.sheets:
        parts[f"xl/{known[body]}"] = written(map(_for_calamine_cell, _cells(sheet, budget)))
    return packed({name: part for name, part in parts.items() if part})


def _for_calamine_cell(record: Record) -> Record:
    """A text with its runs as a plain text, an unknown error value as a known one."""
    kind, body = record
    if kind == _RICH_CELL:
        length = 4 + 2 * unpack_from("<L", body, 9)[0]
        return _TEXT_CELL, body[:8] + body[9 : 9 + length]
    if kind in (_ERROR, _FORMULA_ERROR) and body[8] not in _KNOWN_ERRORS:
        return kind, body[:8] + _VALUE_ERROR + body[9:]
    return record


class _Sheet:
    """One sheet, followed record by record."""

    def __init__(self, records: Iterable[Record], looks: Looks[int], budget: Budget) -> None:
        self.features = Features()
        self._looks = looks
        self._budget = budget
        self._row = 0
        self._filled: dict[Place, bool] = {}  # whether it is with a number
        self._areas: tuple[Area, ...] = ()  # of the conditional format at hand
        for kind, body in records:
            self._take(kind, body)

    def _take(self, kind: int, body: bytes) -> None:
        if kind == _ROW:
            self._enter_row(*unpack_from("<L7xB", body))
        elif kind in _FILLED_CELLS or kind == _RICH_CELL:
            self._enter_cell(kind, body)
        elif kind == _COLUMN and body[16] & 1:
            self.features.hide_columns(*unpack_from("<LL", body))
        elif kind == _MERGED:
            self._cover(*unpack_from("<4L", body))
        elif kind in _CRITERIA:
            self.features.is_filtered = True
        elif kind == _CONDITIONAL:
            self._areas = _areas_of(body)
        elif kind == _CONDITION:
            self._condition(self._looks.conditional.get(unpack_from("<L", body, 8)[0], Look()))
        elif kind == _SHEET_CALCULATION:
            self.features.has_stale_results |= bool(body[0] & 1)

    def _enter_row(self, row: int, flags: int) -> None:
        self._row = row
        if flags & 0x10 and row < MAX_ROWS:
            self.features.hidden_rows.add(row)

    def _enter_cell(self, kind: int, body: bytes) -> None:
        column, style = unpack_from("<LL", body)
        check_reach(self._row, column)
        if kind == _SHARED:
            self._budget.spend_text()
        place = (self._row, column)
        self._filled[place] = kind in _NUMBERS
        if kind in _FORMULAS:
            self.features.formulas[place] = ""
        if broken := self._broken(kind, style & 0xFFFFFF, body):
            self.features.broken[place] = broken

    def _cover(self, top: int, bottom: int, left: int, right: int) -> None:
        """Of a merged range only the first cell is seen; calamine does not tell what is merged in an xlsb."""
        for row, column in self._filled.keys() - {(top, left)}:
            if top <= row <= bottom and left <= column <= right:
                self.features.broken[row, column] = "scaled"

    def _condition(self, look: Look) -> None:
        """A conditional format may show what it covers otherwise; a formula's fault is the graver."""
        if look != Look():
            for place, how in shown_by(look, self._areas, self._filled, self._budget):
                if self.features.broken.get(place) not in FAULTS:
                    self.features.broken[place] = how

    def _broken(self, kind: int, style: int, body: bytes) -> str | None:
        if kind in (_ERROR, _FORMULA_ERROR):
            return "error"
        is_marked = kind == _SHARED and unpack_from("<L", body, 8)[0] in self._looks.marked_texts
        is_marked |= kind == _RICH_CELL and not self._looks.marked_fonts.isdisjoint(fonts_of_runs(body[8:]))
        if is_marked or style in self._looks.marked_styles:
            return "scaled"
        return (self._looks.numbers if kind in _NUMBERS else self._looks.texts).get(style)


def _areas_of(body: bytes) -> tuple[Area, ...]:
    """The areas of a conditional format, behind two numbers that say nothing here."""
    count = unpack_from("<L", body, 8)[0]
    return tuple(unpack_from("<4L", body, 12 + 16 * number) for number in range(count))
