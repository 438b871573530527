"""A ``Book`` as bytes and back; reading them runs nothing, whatever they are."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import msgspec

from minsheng.spreadsheet.book import Book
from minsheng.spreadsheet.features import Features
from minsheng.spreadsheet.grid import Grid
from minsheng.spreadsheet.kinds import BookReading
from minsheng.spreadsheet.numbers import CellValue


# Most kinds of moment are texts in MessagePack; each says which it is.
class _Date(msgspec.Struct, array_like=True, tag="date"):
    value: date


class _DateTime(msgspec.Struct, array_like=True, tag="datetime"):
    value: datetime


class _Time(msgspec.Struct, array_like=True, tag="time"):
    value: time


class _Duration(msgspec.Struct, array_like=True, tag="duration"):
    value: timedelta


_MOMENTS = (date, time, timedelta)
_Moment = _Date | _DateTime | _Time | _Duration
_Value = bool | int | float | str | _Date | _DateTime | _Time | _Duration | None


class _Sheet(msgspec.Struct, array_like=True):
    """A grid, its moments told apart from texts."""

    name: str
    rows: list[list[_Value]]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...]
    features: Features
    is_hidden: bool


class _Encoded(msgspec.Struct):
    """A book, field by field."""

    reading: BookReading
    kind: str
    sheets: tuple[_Sheet, ...]
    notes: tuple[str, ...]
    notes_reading: BookReading
    tables: tuple[_Sheet, ...]
    has_embedded: bool
    has_picture: bool
    is_binary: bool
    notes_beside: tuple[str, ...] = ()  # a book kept by an earlier version has none


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Encoded)


def encode(book: Book) -> bytes:
    """The book in MessagePack."""
    sheets = {"sheets": tuple(map(_sheet, book.sheets)), "tables": tuple(map(_sheet, book.tables))}
    return _ENCODER.encode(_Encoded(**vars(book) | sheets))


def decode(content: bytes) -> Book:
    """The book again; raises ValueError for anything that is not one."""
    encoded = _DECODER.decode(content)
    sheets = {"sheets": tuple(map(_grid, encoded.sheets)), "tables": tuple(map(_grid, encoded.tables))}
    return Book(**msgspec.structs.asdict(encoded) | sheets)


def _sheet(grid: Grid) -> _Sheet:
    rows: list[list[_Value]] = [
        [_told(value) if isinstance(value, _MOMENTS) else value for value in row] for row in grid.rows
    ]
    return _Sheet(grid.name, rows, grid.merged, grid.features, grid.is_hidden)


def _grid(sheet: _Sheet) -> Grid:
    rows: list[list[CellValue]] = [
        [one.value if isinstance(one, msgspec.Struct) else one for one in row] for row in sheet.rows
    ]
    return Grid(sheet.name, rows, sheet.merged, sheet.features, sheet.is_hidden)


def _told(value: date | time | timedelta) -> _Moment:
    match value:
        case datetime():
            return _DateTime(value)
        case date():
            return _Date(value)
        case time():
            return _Time(value)
        case timedelta():
            return _Duration(value)
