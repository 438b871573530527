"""A process of its own for files, which may run out of memory or time, or die, without harm to ours.

A new interpreter and no fork: whoever uses one may hold a database open, with threads of its own. docs/adr/0013 says
why one process serves many files, and what else was considered.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from types import TracebackType
from typing import IO

from minsheng.core.declarations import ROOT
from minsheng.spreadsheet.frames import Status, read_answer, write_request
from minsheng.spreadsheet.limits import Limits

# How a process ends that wanted more than its limits: out of processor time, or calamine aborts without memory.
_OVER_LIMITS = (-signal.SIGXCPU, -signal.SIGABRT)
# What somebody else ends it with: the machine short of memory, a service that is stopped. No file is to blame for it.
_KILLED = (-signal.SIGKILL, -signal.SIGTERM, -signal.SIGHUP)
_DYING_SECONDS = 10
_LONGEST_COMPLAINT = 1 << 16
# Workers that nobody asks anything at present, by the process they belong to and what they do.
_idle: dict[tuple[int, str, Limits], list[Worker]] = {}


class Lost(Enum):
    """Why there is no answer: the work was too much, or the process died of it."""

    TOO_LARGE = "too_large"
    DAMAGED = "damaged"


@contextmanager
def borrowed(module: str, limits: Limits) -> Iterator[Worker]:
    """A worker that is idle, or a new one: to start an interpreter takes longer than most files do.

    It stays for whoever borrows the next one in this process, unless it may owe an answer still, for it was left in
    the middle; what a fork inherits is its parent's.
    """
    idle = _idle.setdefault((os.getpid(), module, limits), [])
    try:
        worker = idle.pop()
    except IndexError:
        worker = Worker(module, limits)
    try:
        yield worker
    except BaseException:
        worker.end()
        raise
    idle.append(worker)


class Worker:
    """One process that answers requests one after the other; for one thread, within a ``with``.

    It is started when first asked, and again when it has died or served its time. It does not outlive this process.
    """

    def __init__(self, module: str, limits: Limits) -> None:
        self._command = (sys.executable, "-m", "minsheng.spreadsheet.serving", module, *limits.as_arguments())
        self._limits = limits
        self._running: _Running | None = None

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.end()

    def end(self) -> None:
        """End the process; another is started when this is asked again."""
        self._end()

    def ask(self, request: bytes) -> bytes | Lost:
        """The answer, or why there is none; raises RuntimeError for a fault of ours inside the process.

        A process that somebody else has killed, or that hung, is given the same request a second time.
        """
        first = self._ask(request)
        answer = self._ask(request) if first is None else first
        return Lost.TOO_LARGE if answer is None else answer

    def _ask(self, request: bytes) -> bytes | Lost | None:
        """As ``ask``; None for a process that was killed from outside, or by us when its time was over."""
        if self._running is None:
            self._running = _Running(self._command)
        with self._running.killed_after(self._limits.wall_seconds):
            answer = self._running.exchange(request, self._limits.answer_bytes)
        if answer is None:
            return self._why_lost()
        status, content, is_last = answer
        if is_last:
            self._end()
        if status is Status.FAULT:
            raise RuntimeError(f"{' '.join(self._command)}: {content.decode(errors='replace')}")
        return Lost.TOO_LARGE if status is Status.TOO_LARGE else content

    def _why_lost(self) -> Lost | None:
        code, said = self._end(_DYING_SECONDS)
        if code > 0:
            raise RuntimeError(f"{' '.join(self._command)}: {said}")
        if code in _KILLED:
            return None
        return Lost.TOO_LARGE if code in _OVER_LIMITS else Lost.DAMAGED

    def _end(self, patience: float = 0) -> tuple[int, str]:
        running, self._running = self._running, None
        return running.end(patience) if running else (0, "")


class _Running:
    """The process with its pipes; what it writes to stderr goes to a file, so that it never waits for a reader."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 (closed by ``end``)
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._stderr, cwd=ROOT
        )

    def exchange(self, request: bytes, most: int) -> tuple[Status, bytes, bool] | None:
        """What it answers; None when it dies over it, or says more than it may."""
        requests, answers = self._pipes()
        with suppress(BrokenPipeError):  # it may have answered all the same, before it read all of the request
            write_request(requests, request)
        return read_answer(answers, most)

    @contextmanager
    def killed_after(self, seconds: float) -> Iterator[None]:
        """Kill it when something takes longer than this."""
        timer = threading.Timer(seconds, self._process.kill)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def end(self, patience: float = 0) -> tuple[int, str]:
        """End it, after ``patience`` seconds if it does not by itself: its exit code, and what it said on stderr."""
        try:
            code = self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        for pipe in self._pipes():
            with suppress(BrokenPipeError):
                pipe.close()
        with self._stderr:
            self._stderr.seek(0)
            return code, self._stderr.read(_LONGEST_COMPLAINT).decode(errors="replace")

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        assert self._process.stdin and self._process.stdout
        return self._process.stdin, self._process.stdout


@atexit.register
def _end_idle() -> None:
    for (owner, *_), workers in _idle.items():
        for worker in workers if owner == os.getpid() else ():
            worker.end()
