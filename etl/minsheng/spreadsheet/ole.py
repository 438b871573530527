"""The streams of an OLE compound file, the container of xls.

olefile was tried: it gives the same streams, but reads on round a chain of sectors that bites its tail, on which
calamine, which reads the file after it, does not end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from struct import unpack_from

from minsheng.spreadsheet.features import RefusedError

_HEADER_BYTES = 512
_FAT_IN_HEADER = 109
_MINI_BYTES = 64
_SMALLEST_LARGE = 4096  # what is smaller lies in the mini stream
_ENTRY_BYTES = 128
_NO_SECTOR = 0xFFFFFFFA  # this and above mark an end
_WORKBOOKS = ("WORKBOOK", "BOOK")
_PROPERTIES = ("\x05SUMMARYINFORMATION", "\x05DOCUMENTSUMMARYINFORMATION")


def workbook_stream(content: bytes) -> bytes:
    """The stream with the workbook, of Excel 97 and later if there is one.

    Raises RefusedError ``too_large`` for a file of more than about 7 MB; KeyError without a workbook, ValueError,
    IndexError or struct.error for what is no compound file.
    """
    return _Compound(content).stream(_WORKBOOKS)


def with_bytes(content: bytes, changed: Mapping[int, int]) -> bytes:
    """The file with single bytes of its workbook's stream changed, by their place in it; raises as ``workbook_stream``.

    A stream so small that it has no sectors of its own stays as it is: no form is that small.
    """
    new = bytearray(content)
    for place, byte in _Compound(content).places_in_file(_WORKBOOKS, changed).items():
        new[place] = byte
    return bytes(new)


def top_names(content: bytes) -> frozenset[str]:
    """The streams and storages that lie in no other; raises as ``workbook_stream``."""
    return frozenset(_Compound(content).top_names())


def property_streams(content: bytes) -> Iterator[bytes]:
    """The streams that say who wrote a workbook and about what; raises as ``workbook_stream``."""
    compound = _Compound(content)
    for name in _PROPERTIES:
        with suppress(KeyError):
            yield compound.stream((name,))


class _Compound:
    def __init__(self, content: bytes) -> None:
        self._content = content
        self._sector_bytes = 1 << _checked(unpack_from("<H", content, 30)[0])
        fat_sectors, self._directory = unpack_from("<LL", content, 44)
        mini_start, _, _, more_fat = unpack_from("<LLLL", content, 60)
        if more_fat or fat_sectors > _FAT_IN_HEADER:
            raise RefusedError("too_large")
        self._fat: Sequence[int] = self._numbers(unpack_from(f"<{fat_sectors}L", content, 76))
        self._mini_fat: Sequence[int] = self._numbers(_chain(mini_start, self._fat))

    def stream(self, names: Sequence[str]) -> bytes:
        """The first of these streams that is there, whatever the case of its name; raises KeyError."""
        entries = self._entries()
        start, size = _start_and_size(entries, names)
        if size >= _SMALLEST_LARGE:
            return self._read(start)[:size]
        mini_stream = self._read(unpack_from("<L", entries[0], 116)[0])
        sectors = (place * _MINI_BYTES for place in _chain(start, self._mini_fat))
        return b"".join(mini_stream[place : place + _MINI_BYTES] for place in sectors)[:size]

    def places_in_file(self, names: Sequence[str], places: Mapping[int, int]) -> dict[int, int]:
        """What is said of places in a stream, by where these lie in the file; raises KeyError."""
        start, size = _start_and_size(self._entries(), names)
        if size < _SMALLEST_LARGE:
            return {}
        sectors = _chain(start, self._fat)
        within = {place: divmod(place, self._sector_bytes) for place in places}
        return {self._start_of(sectors[number]) + rest: places[place] for place, (number, rest) in within.items()}

    def top_names(self) -> Iterator[str]:
        """The names under the root, whose entries are a tree: each has two beside it."""
        entries = self._entries()
        seen, waiting = {0}, [unpack_from("<L", entries[0], 76)[0]]
        while waiting:
            place = waiting.pop()
            if place < len(entries) and place not in seen:
                seen.add(place)
                yield _name(entries[place])
                waiting += unpack_from("<LL", entries[place], 68)

    def _entries(self) -> list[bytes]:
        directory = self._read(self._directory)
        return [directory[place : place + _ENTRY_BYTES] for place in range(0, len(directory), _ENTRY_BYTES)]

    def _numbers(self, sectors: Sequence[int]) -> Sequence[int]:
        table = b"".join(map(self._sector, sectors))
        return unpack_from(f"<{len(table) // 4}L", table)

    def _read(self, start: int) -> bytes:
        return b"".join(map(self._sector, _chain(start, self._fat)))

    def _sector(self, number: int) -> bytes:
        start = self._start_of(number)
        return self._content[start : start + self._sector_bytes]

    def _start_of(self, number: int) -> int:
        return max(_HEADER_BYTES, self._sector_bytes) + number * self._sector_bytes


def _chain(start: int, table: Sequence[int]) -> list[int]:
    """The sectors from this one on; raises ValueError for a chain that bites its tail."""
    sectors: list[int] = []
    while start < _NO_SECTOR:
        if len(sectors) > len(table):
            raise ValueError("endless chain")
        sectors.append(start)
        start = table[start]
    return sectors


def _start_and_size(entries: Sequence[bytes], names: Sequence[str]) -> tuple[int, int]:
    found = {_name(entry).upper(): entry for entry in reversed(entries)}
    start, size = unpack_from("<LL", found[next((name for name in names if name in found), names[0])], 116)
    return start, size


def _name(entry: bytes) -> str:
    length = unpack_from("<H", entry, 64)[0]
    return entry[: max(0, length - 2)].decode("utf-16-le")


def _checked(shift: int) -> int:
    if shift not in (9, 12):
        raise ValueError(shift)
    return shift
