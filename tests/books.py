"""From a file's bytes straight to what the product makes of its book, all read in one worker process."""

import atexit
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import cache

from minsheng import guard
from minsheng.landing import Withheld
from minsheng.mail.marking import MarkUp, marker
from minsheng.mail.message import Attachment
from minsheng.parsing import form
from minsheng.parsing.lexicon import Lexicon
from minsheng.parsing.reading import ReadForm
from minsheng.spreadsheet.book import Book
from minsheng.spreadsheet.container import Container, open_container
from minsheng.spreadsheet.grid import Grid
from minsheng.spreadsheet.kinds import Refusal
from minsheng.spreadsheet.opening import ReadBook, book_reader
from minsheng.validation.finding import Finding


@cache
def _until_the_end() -> ExitStack:
    stack = ExitStack()
    atexit.register(stack.close)
    return stack


@cache
def _reader() -> ReadBook:
    return _until_the_end().enter_context(book_reader())


@cache
def _marker() -> MarkUp:
    return _until_the_end().enter_context(marker())


def book_of(content: bytes | None) -> Book:
    return _reader()(content)


def refuse_container(content: bytes) -> Refusal | None:
    """Opened here and not in the worker: nothing in these tests harms anybody."""
    opened = open_container(content)
    return None if isinstance(opened, Container) else opened


def open_grids(content: bytes) -> tuple[tuple[Grid, ...], str]:
    book = book_of(content)
    return book.sheets, book.reading


def read_form(content: bytes, file_name: str, lexicon: Lexicon) -> ReadForm:
    return form.read_form(book_of(content), file_name, lexicon)


def withhold(content: bytes, file_name: str, lexicon: Lexicon) -> Withheld | None:
    return guard.withhold(book_of(content), file_name, lexicon)


def mark_up(content: bytes, file_name: str, findings: Sequence[Finding], written_on: datetime) -> Attachment | None:
    return _marker()(content, book_of(content), file_name, findings, written_on)
