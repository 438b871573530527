"""The inside of a worker process: one request after the other, each within limits. See ``minsheng.spreadsheet.worker``.

``python -m minsheng.spreadsheet.serving MODULE LIMITS…``: the module has a function ``answer`` from bytes to bytes.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from typing import BinaryIO

from minsheng.spreadsheet.frames import Status, read_request, write_answer
from minsheng.spreadsheet.limits import Limits, address_space, allow_one_more

_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
# What is left over from one file may take from the next no more than this.
_MOST_KEPT_BYTES = 64 << 20

Responder = Callable[[bytes], bytes]


def serve(requests: BinaryIO, answers: BinaryIO, answer: Responder, limits: Limits) -> None:
    """Answer until there are no more requests, or so much memory is left over that another process should go on."""
    at_first = address_space()
    while (request := read_request(requests)) is not None:
        allow_one_more(limits)
        status, content = _answered(answer, request, limits.answer_bytes)
        del request
        is_last = address_space() - at_first > _MOST_KEPT_BYTES
        write_answer(answers, status, content, is_last=is_last)
        if is_last:
            return


def _answered(answer: Responder, request: bytes, most: int) -> tuple[Status, bytes]:
    try:
        content = answer(request)
    except MemoryError:
        return Status.TOO_LARGE, b""
    except Exception:
        return Status.FAULT, traceback.format_exc().encode(errors="replace")
    return (Status.TOO_LARGE, b"") if len(content) > most else (Status.DONE, content)


def _die_with_parent() -> None:
    """Have the kernel kill this process when the one that started it ends, however it ends."""
    ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def _main(module: str, *limits: str) -> None:
    _die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # at the keyboard it is for the parent to end what it began
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    serve(sys.stdin.buffer, answers, import_module(module).answer, Limits.from_arguments(list(limits)))


if __name__ == "__main__":
    _main(*sys.argv[1:])
