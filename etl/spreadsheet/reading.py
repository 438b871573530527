"""The inside of a file, looked at one time; to be called in a worker process only, see ``etl.spreadsheet.opening``."""

from __future__ import annotations

from etl.reader.container import bare, content_kind, refuse_container
from etl.reader.features import RefusedError, heavy
from etl.reader.notes import has_embedded, notes
from etl.reader.pages import read_page
from etl.reader.pictures import has_picture
from etl.reader.separated import read_separated
from etl.reader.workbook import Grid, read_grids
from etl.spreadsheet.book import Book
from etl.spreadsheet.encoding import encode


def answer(content: bytes) -> bytes:
    """The book made from the content of a file, encoded."""
    return encode(make_book(content))


def make_book(content: bytes) -> Book:
    """The book; takes any amount of memory, and ends the process when calamine needs what is not there."""
    content = bare(content)
    refusal = refuse_container(content)
    if refusal is not None:
        return _unread(content, refusal)
    kind = content_kind(content)
    sheets, reading = read_separated(content) if kind == "csv" else _read_workbook(content)
    return _read(content, kind, sheets) if reading == "ok" else _unread(content, reading)


def _read_workbook(content: bytes) -> tuple[tuple[Grid, ...], str]:
    try:
        return read_grids(content, heavy())
    except RefusedError as refused:
        return (), refused.reading


def _read(content: bytes, kind: str, sheets: tuple[Grid, ...]) -> Book:
    texts = (value for grid in sheets for row in grid.rows for value in row if isinstance(value, str))
    try:
        outside = tuple(notes(content, texts))
    except RefusedError as refused:
        return Book("ok", kind, sheets, notes_reading=refused.reading)
    return Book("ok", kind, sheets, outside, has_embedded=has_embedded(content), has_picture=has_picture(content, kind))


def _unread(content: bytes, reading: str) -> Book:
    """Of what is no workbook but text, the text."""
    if b"\0" in content:
        return Book(reading, is_binary=True)
    try:
        page = read_page(content)
    except RefusedError as refused:
        return Book(reading, notes_reading=refused.reading)
    return Book(reading, notes=(page.text,), tables=(page.grid,), has_picture=page.has_pictures)
