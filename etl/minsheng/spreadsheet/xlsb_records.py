"""The records of which the parts of an xlsb consist: a number and a length, of 7 bits a byte, and a body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from struct import unpack_from

from minsheng.spreadsheet.features import Budget

Record = tuple[int, bytes]

_MOST_KIND_BYTES, _MOST_LENGTH_BYTES = 2, 4


def read_records(content: bytes, budget: Budget) -> Iterator[Record]:
    """The records of a part; raises IndexError where it ends inside the head of one, OverBudgetError."""
    place = 0
    while place < len(content):
        kind, place = _seven_bits(content, place, _MOST_KIND_BYTES)
        length, place = _seven_bits(content, place, _MOST_LENGTH_BYTES)
        budget.spend_element()
        yield kind, content[place : place + length]
        place += length


def written(records: Iterable[Record]) -> bytes:
    """A part of these records."""
    content = bytearray()
    for kind, body in records:
        content += _in_seven_bits(kind) + _in_seven_bits(len(body)) + body
    return bytes(content)


def wide_text(body: bytes, place: int) -> str:
    """The text that stands at a place, its length in characters before it."""
    length = unpack_from("<L", body, place)[0]
    return body[place + 4 : place + 4 + 2 * length].decode("utf-16-le")


def _seven_bits(content: bytes, place: int, most: int) -> tuple[int, int]:
    """A number of up to ``most`` bytes, lowest first, of which the last has no high bit; and where it ends."""
    number = 0
    for count in range(most):
        byte = content[place + count]
        number |= (byte & 0x7F) << 7 * count
        if byte < 0x80:
            return number, place + count + 1
    return number, place + most


def _in_seven_bits(number: int) -> bytes:
    written = bytearray()
    while number >= 0x80:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)
