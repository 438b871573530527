"""The inside of a file, looked at one time; for a worker process only, see ``minsheng.spreadsheet.opening``."""

from __future__ import annotations

from minsheng.spreadsheet.book import Book
from minsheng.spreadsheet.container import Container, bare, open_container
from minsheng.spreadsheet.csv_text import read_separated
from minsheng.spreadsheet.encoding import encode
from minsheng.spreadsheet.features import RefusedError, heavy
from minsheng.spreadsheet.grid import Grid
from minsheng.spreadsheet.kinds import BookReading
from minsheng.spreadsheet.notes import has_embedded, notes
from minsheng.spreadsheet.pages import read_page
from minsheng.spreadsheet.pictures import has_picture
from minsheng.spreadsheet.workbook import read_grids


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


def _read_workbook(container: Container) -> tuple[tuple[Grid, ...], BookReading]:
    try:
        return read_grids(container, heavy())
    except RefusedError as refused:
        return (), refused.reading


def _read(container: Container, sheets: tuple[Grid, ...]) -> Book:
    texts = {value for grid in sheets for row in grid.rows for value in row if isinstance(value, str)}
    try:
        outside = notes(container, texts)
    except RefusedError as refused:
        return Book("ok", container.kind, sheets, notes_reading=refused.reading)
    embedded, picture = has_embedded(container), has_picture(container)
    return Book(
        "ok",
        container.kind,
        sheets,
        tuple(text for text, _ in outside),
        notes_beside=tuple(text for text, is_beside in outside if is_beside),
        has_embedded=embedded,
        has_picture=picture,
    )


def _unread(content: bytes, reading: BookReading) -> Book:
    """Of what is no workbook but text, the text."""
    if b"\0" in content:
        return Book(reading, is_binary=True)
    try:
        page = read_page(content)
    except RefusedError as refused:
        return Book(reading, notes_reading=refused.reading)
    return Book(reading, notes=(page.text,), tables=(page.grid,), has_picture=page.has_pictures)
