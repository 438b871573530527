"""Marking up a unit's workbook in a worker process: openpyxl opens the unit's file, and may take any time for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial

import msgspec

from minsheng.mail.message import Attachment
from minsheng.spreadsheet.book import Book
from minsheng.spreadsheet.encoding import encode
from minsheng.spreadsheet.limits import Limits
from minsheng.spreadsheet.worker import Lost, Worker, borrowed
from minsheng.validation.finding import Finding

# Content, book, file name, findings, and when the answer was written.
MarkUp = Callable[[bytes, Book, str, Sequence[Finding], datetime], Attachment | None]

# openpyxl keeps half a kilobyte for each cell.
_LIMITS = Limits(memory_bytes=1 << 30, cpu_seconds=60, wall_seconds=180, answer_bytes=64 << 20)


class Job(msgspec.Struct):
    """One workbook to be marked up; without its content it is drawn from the book."""

    content: bytes | None
    book: bytes
    file_name: str
    findings: tuple[Finding, ...]
    written_on: datetime


@contextmanager
def marker() -> Iterator[MarkUp]:
    """A function that marks up files; its answer is None where one cannot be opened, or is out of all measure."""
    with borrowed("minsheng.mail.markup", _LIMITS) as worker:
        yield partial(_mark_up, worker)


def _mark_up(
    worker: Worker, content: bytes, book: Book, file_name: str, findings: Sequence[Finding], written_on: datetime
) -> Attachment | None:
    if book.reading != "ok":
        return None
    bare = encode(replace(book, notes=()))
    for mine in (content, None):  # what costs openpyxl too much is drawn from the values read
        marked = worker.ask(msgspec.msgpack.encode(Job(mine, bare, file_name, tuple(findings), written_on)))
        if not isinstance(marked, Lost):
            return msgspec.msgpack.decode(marked, type=Attachment | None)
    return None
