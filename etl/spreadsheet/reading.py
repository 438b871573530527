"""The inside of a file, looked at one time; to be called in a worker process only, see ``etl.spreadsheet.opening``."""

from __future__ import annotations

from etl.reader.container import Container, bare, open_container
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
    container = open_container(content)
    if not isinstance(container, Container):
        return _unread(content, container)
    sheets, reading = read_separated(content) if container.kind == "csv" else _read_workbook(container)
    return _read(container, sheets) if reading == "ok" else _unread(content, reading)


def _read_workbook(container: Container) -> tuple[tuple[Grid, ...], str]:
    try:
        return read_grids(container, heavy())
    except RefusedError as refused:
        return (), refused.reading


def _read(container: Container, sheets: tuple[Grid, ...]) -> Book:
    texts = (value for grid in sheets for row in grid.rows for value in row if isinstance(value, str))
    try:
        outside = tuple(notes(container, texts))
    except RefusedError as refused:
        return Book("ok", container.kind, sheets, notes_reading=refused.reading)
    embedded, picture = has_embedded(container), has_picture(container)
    return Book("ok", container.kind, sheets, outside, has_embedded=embedded, has_picture=picture)


def _unread(content: bytes, reading: str) -> Book:
    """Of what is no workbook but text, the text."""
    if b"\0" in content:
        return Book(reading, is_binary=True)
    try:
        page = read_page(content)
    except RefusedError as refused:
        return Book(reading, notes_reading=refused.reading)
    return Book(reading, notes=(page.text,), tables=(page.grid,), has_picture=page.has_pictures)
