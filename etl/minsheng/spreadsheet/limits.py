"""What one file may cost the process that works on it, and how a process is held to that."""

from __future__ import annotations

import resource
from dataclasses import astuple, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Limits:
    """Per file: memory beyond what the process held before, processor time, time by the clock, size of the answer."""

    memory_bytes: int
    cpu_seconds: int
    wall_seconds: int
    answer_bytes: int

    def as_arguments(self) -> tuple[str, ...]:
        """The limits as words of a command line."""
        return tuple(map(str, astuple(self)))

    @classmethod
    def from_arguments(cls, words: list[str]) -> Limits:
        """The limits that ``as_arguments`` wrote."""
        return cls(*map(int, words))


def allow_one_more(limits: Limits) -> None:
    """Let this process spend, from here on, what one file may cost; the kernel ends it when it takes more time.

    Memory beyond the limit is not given: Python raises MemoryError, a library in another language may abort.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + limits.cpu_seconds)
    _limit(resource.RLIMIT_AS, address_space() + limits.memory_bytes)
    _limit(resource.RLIMIT_CORE, 0)


def address_space() -> int:
    """The bytes of memory this process has asked for."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    return int(pages) * resource.getpagesize()


def _limit(which: int, most: int) -> None:
    hard = resource.getrlimit(which)[1]
    resource.setrlimit(which, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
