"""Requests and answers on a pipe: each is a header of fixed size, then as many bytes as the header says."""

from __future__ import annotations

from enum import IntEnum
from struct import Struct
from typing import IO

_LENGTH = Struct(">Q")
# How the answer came about, whether the process will give no other, and the length of what follows.
_HEADER = Struct(">B?Q")


class Status(IntEnum):
    """What an answer is: the result, word that the limits do not allow one, or the traceback of a fault of ours."""

    DONE = 0
    TOO_LARGE = 1
    FAULT = 2


def write_request(pipe: IO[bytes], content: bytes) -> None:
    """Raises OSError when nobody reads any more."""
    pipe.write(_LENGTH.pack(len(content)))
    pipe.write(content)
    pipe.flush()


def read_request(pipe: IO[bytes]) -> bytes | None:
    """The next request; None when there will be no other."""
    header = pipe.read(_LENGTH.size)
    return _exactly(pipe, *_LENGTH.unpack(header)) if len(header) == _LENGTH.size else None


def write_answer(pipe: IO[bytes], status: Status, content: bytes, *, is_last: bool) -> None:
    """``is_last``: the process ends after this."""
    pipe.write(_HEADER.pack(status, is_last, len(content)))
    pipe.write(content)
    pipe.flush()


def read_answer(pipe: IO[bytes], most: int) -> tuple[Status, bytes, bool] | None:
    """Status, content and whether it is the last; None when the process ended before, or says more than ``most``."""
    header = pipe.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    status, is_last, length = _HEADER.unpack(header)
    content = _exactly(pipe, length) if length <= most else None
    return None if content is None else (Status(status), content, is_last)


def _exactly(pipe: IO[bytes], length: int) -> bytes | None:
    content = pipe.read(length)
    return content if len(content) == length else None
