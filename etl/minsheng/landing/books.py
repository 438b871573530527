"""The books of landed files, kept beside their bytes so that nobody opens a file again.

``landing/<plan>/books/<sha256>``: what can always be made again from the bytes. One that is missing, torn, of another
file or of other reading code is as good as none; it needs no backup.
"""

from __future__ import annotations

import hashlib
import platform
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from pyexpat import EXPAT_VERSION

from minsheng.core.declarations import SOURCE
from minsheng.core.files import replace_file
from minsheng.core.home import Home
from minsheng.landing import read_content
from minsheng.spreadsheet.book import Book
from minsheng.spreadsheet.encoding import decode, encode
from minsheng.spreadsheet.opening import LIMITS, ReadBook

# Where everything lies that takes part in making a book.
_READING_CODE = ("minsheng/spreadsheet", "minsheng/core/__init__.py", "minsheng/core/text.py")
_SEAL_BYTES = 32


def landed_book(home: Home, plan_id: str, sha256: str, read_book: ReadBook) -> Book:
    """The book of a landed file, made again where there is none; raises DamagedError for bytes other than received."""
    content = read_content(home, plan_id, sha256)
    kept = _kept(_path(home, plan_id, sha256), sha256)
    return kept or _made_again(home, plan_id, sha256, content, read_book)


def keep_book(home: Home, plan_id: str, sha256: str, book: Book) -> None:
    """Keep the book of a landed file; where there is no room for it, it will be made again."""
    content = encode(book)
    with suppress(OSError):
        replace_file(_path(home, plan_id, sha256), _seal(sha256, content) + content)


@cache
def reading_version() -> str:
    """Changes with all that makes a book of a file: our code, and the libraries it calls."""
    known = hashlib.sha256("\n".join((platform.python_version(), version("python-calamine"), EXPAT_VERSION)).encode())
    for place in _READING_CODE:
        for source in sorted((SOURCE / place).rglob("*.py")) or [SOURCE / place]:
            known.update(source.read_bytes())
    return known.hexdigest()


def _kept(path: Path, sha256: str) -> Book | None:
    with suppress(OSError, ValueError):
        with path.open("rb") as stream:
            kept = stream.read(_SEAL_BYTES + LIMITS.answer_bytes)
        seal, content = kept[:_SEAL_BYTES], kept[_SEAL_BYTES:]
        return decode(content) if seal == _seal(sha256, content) else None
    return None


def _made_again(home: Home, plan_id: str, sha256: str, content: bytes, read_book: ReadBook) -> Book:
    book = read_book(content)
    keep_book(home, plan_id, sha256, book)
    return book


def _seal(sha256: str, content: bytes) -> bytes:
    """What a kept book begins with: of which file it is, by which code it was made, and that it is whole."""
    return hashlib.sha256(b"\n".join((sha256.encode(), reading_version().encode(), content))).digest()


def _path(home: Home, plan_id: str, sha256: str) -> Path:
    return home.landing / plan_id / "books" / sha256
