"""The one door through which a unit's file is opened: in a worker process with limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from minsheng.spreadsheet.book import Book
from minsheng.spreadsheet.container import MAX_BYTES
from minsheng.spreadsheet.encoding import decode
from minsheng.spreadsheet.limits import Limits
from minsheng.spreadsheet.worker import Lost, Worker, borrowed

# Of a file that is larger than anything we read there is no content.
ReadBook = Callable[[bytes | None], Book]

LIMITS = Limits(memory_bytes=400 << 20, cpu_seconds=5, wall_seconds=60, answer_bytes=32 << 20)


@contextmanager
def book_reader() -> Iterator[ReadBook]:
    """A function that makes the book of a file from its bytes; whatever is wrong with a file is in its book.

    A file that takes more than the limits is ``too_large``, one that kills the process ``damaged``.
    """
    with borrowed("minsheng.spreadsheet.reading", LIMITS) as worker:
        yield partial(_read, worker)


def _read(worker: Worker, content: bytes | None) -> Book:
    if content is None or len(content) > MAX_BYTES:
        return Book("too_large", is_binary=True)
    answer = worker.ask(content)
    return Book(answer.value, is_binary=True) if isinstance(answer, Lost) else decode(answer)
