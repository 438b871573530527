"""The shared texts of an xls: which of them have a run in a certain font, [MS-XLS] 2.4.265."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from struct import iter_unpack, unpack

_WIDE, _EXTENDED, _RICH = 0x01, 0x04, 0x08


def texts_with_runs_in(fonts: frozenset[int], bodies: Sequence[bytes]) -> frozenset[int]:
    """The texts, by their number from 0, of which anything is written in one of these fonts.

    ``bodies``: of the record and of those that continue it. Raises struct.error or IndexError when they end too soon.
    """
    pieces = _Pieces(bodies)
    _, count = unpack("<LL", pieces.take(8))
    marked = (number for number, runs in enumerate(_runs_of_texts(pieces, count)) if not fonts.isdisjoint(runs))
    return frozenset(marked)


def _runs_of_texts(pieces: _Pieces, count: int) -> Iterator[set[int]]:
    """The fonts of every text's runs; a run that begins behind the last character is none."""
    for _ in range(count):
        length, flags = unpack("<HB", pieces.take(3))
        runs = unpack("<H", pieces.take(2))[0] if flags & _RICH else 0
        extension = unpack("<L", pieces.take(4))[0] if flags & _EXTENDED else 0
        pieces.skip_characters(length, flags & _WIDE)
        yield {font for first, font in iter_unpack("<HH", pieces.take(4 * runs)) if first < length}
        pieces.take(extension)


class _Pieces:
    """The bodies of records read one after the other as one."""

    def __init__(self, bodies: Sequence[bytes]) -> None:
        self._bodies = bodies
        self._number = self._place = 0

    def take(self, count: int) -> bytes:
        """The next bytes."""
        taken = b""
        while len(taken) < count:
            self._go_on()
            more = self._bodies[self._number][self._place : self._place + count - len(taken)]
            self._place += len(more)
            taken += more
        return taken

    def skip_characters(self, count: int, wide: int) -> None:
        """Pass over characters; where they go on in another record, it says anew how many bytes each takes."""
        while count:
            if self._go_on():
                wide = self.take(1)[0] & _WIDE
            left = (len(self._bodies[self._number]) - self._place) // (1 + wide)
            passed = min(count, left)
            if not passed:
                raise IndexError(self._place)
            self._place += passed * (1 + wide)
            count -= passed

    def _go_on(self) -> bool:
        """Enter the next body when this one has ended; raises IndexError behind the last."""
        if self._place < len(self._bodies[self._number]):
            return False
        self._number, self._place = self._number + 1, 0
        return bool(self._bodies[self._number]) or self._go_on()
