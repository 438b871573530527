"""Reading a file that somebody else may be changing: from one descriptor, following no link, waiting for nobody."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, replace
from typing import BinaryIO

from minsheng.spreadsheet.container import MAX_BYTES

# NONBLOCK: a pipe put in place of a file would be waited for until somebody writes into it.
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_SKETCHED_BYTES = 1 << 16


@dataclass(frozen=True)
class FileContent:
    """What a file held when it was read.

    ``data`` null: it is larger than anything we read, and ``sha256`` is not of all of it but of its size, its beginning
    and its end. That tells it from others (a workbook's end says what every part of it sums up to) at no cost.
    ``stamp``: when it was last changed, as its source writes that; empty: not told.
    """

    data: bytes | None
    sha256: str
    byte_count: int
    stamp: str = ""


class NotAFileError(Exception):
    """It is a pipe, a socket or a device."""


class ChangingError(Exception):
    """The file was written while it was read."""


def read_file(name: bytes, folder: int) -> FileContent:
    """Read a file of an opened folder, at most ``MAX_BYTES`` of it.

    Raises NotAFileError, ChangingError, and OSError: with errno ELOOP for a link.
    """
    with os.fdopen(os.open(name, _FLAGS, dir_fd=folder), "rb") as stream:
        before = os.fstat(stream.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise NotAFileError
        content = replace(_read(stream, before.st_size), stamp=str(before.st_mtime_ns))
        after = os.fstat(stream.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise ChangingError
    return content


def _read(stream: BinaryIO, size: int) -> FileContent:
    if size > MAX_BYTES:
        return FileContent(None, _sketch(stream.fileno(), size), size)
    return content_of(stream.read(MAX_BYTES))


def content_of(data: bytes) -> FileContent:
    """Bytes read whole."""
    return FileContent(data, hashlib.sha256(data).hexdigest(), len(data))


def _sketch(descriptor: int, size: int) -> str:
    return sketch(size, *(os.pread(descriptor, _SKETCHED_BYTES, at) for at in (0, size - _SKETCHED_BYTES)))


def sketch(size: int, *parts: bytes) -> str:
    """What stands for the sha256 of a file too large to be read, made from its size and parts of it."""
    return hashlib.sha256(b"".join((b"%d\n" % size, *parts))).hexdigest()
