"""The conditional formats of an xls, as far as they show a number otherwise than it is, or strike it out.

Excel 2003 cannot make such; Excel 2007 and later, Gnumeric and LibreOffice keep them in an xls all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import unpack_from

from minsheng.spreadsheet.appearance import Area, Look
from minsheng.spreadsheet.formats import BUILT_IN, shown_as

AREAS, LOOK, AREAS_OF_2007, LOOK_OF_2007 = 0x1B0, 0x1B1, 0x879, 0x87A
# What stands before the same fields in the records of 2007.
_HEADER_OF_2007 = 12
_HAS_FORMAT, _HAS_FONT, _FORMAT_IS_WRITTEN = 1 << 25, 1 << 26, 1
# A font: its name, then its height, marks, weight, and which of these it leaves as they are.
_MARKS, _RAISED, _MARKS_LEFT, _RAISED_LEFT = 68, 74, 88, 92
_STRUCK = 0x80


class XlsConditions:
    """The records that say where conditional formats apply, and how they look, in the order in which they stand."""

    def __init__(self) -> None:
        self._areas: list[Area] = []
        self.found: list[tuple[Look, list[Area]]] = []

    def take(self, kind: int, body: bytes) -> None:
        """Take in a record; raises struct.error or IndexError for one that is cut short."""
        if kind in (AREAS, AREAS_OF_2007):
            self._areas = list(_areas(body[_HEADER_OF_2007 if kind == AREAS_OF_2007 else 0 :]))
        elif kind == LOOK:
            self.found.append((_look(body[6:]), self._areas))
        elif kind == LOOK_OF_2007:
            rule = body[_HEADER_OF_2007:]
            size = unpack_from("<L", rule, 6)[0]
            self.found.append((_look(rule[10 : 10 + size]) if size else Look(), self._areas))


def _areas(body: bytes) -> Iterator[Area]:
    """First and last row, first and last column of each area."""
    for number in range(unpack_from("<H", body, 12)[0]):
        yield unpack_from("<4H", body, 14 + 8 * number)


def _look(differences: bytes) -> Look:
    """What a conditional format changes."""
    flags, written = unpack_from("<LH", differences)
    rest, number = differences[6:], None
    if flags & _HAS_FORMAT:
        number, size = _number_format(rest, is_written=bool(written & _FORMAT_IS_WRITTEN))
        rest = rest[size:]
    return Look(number, bool(flags & _HAS_FONT) and _is_marked(rest))


def _number_format(body: bytes, *, is_written: bool) -> tuple[str | None, int]:
    """How it shows a number, and how long it is; ``is_written``: as a code, and not as one that is built in."""
    if not is_written:
        return BUILT_IN.get(body[1]), 2
    size, _, is_wide = unpack_from("<HHB", body)
    return shown_as(body[5:size].decode("utf-16-le" if is_wide & 1 else "latin-1", errors="replace")), size


def _is_marked(font: bytes) -> bool:
    """Whether it strikes out, raises or lowers."""
    (marks,), (left,) = unpack_from("<L", font, _MARKS), unpack_from("<L", font, _MARKS_LEFT)
    (raised,), (raised_left,) = unpack_from("<H", font, _RAISED), unpack_from("<L", font, _RAISED_LEFT)
    return bool(marks & ~left & _STRUCK) or bool(raised and not raised_left)
