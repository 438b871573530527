"""Timing a piece of work beside its yardstick, and saying how the two compare.

What is counted is processor time, of all threads and of child processes, those that have ended and those that wait
for the next file: on a machine shared with others, the clock on the wall measures the others.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from statistics import median
from typing import Literal

# Prepares, which is not timed, and gives the work, which is.
Preparation = Callable[[], Callable[[], object]]
Unit = Literal["ms", "MB"]


@dataclass(frozen=True)
class Amounts:
    """What each repetition took. The median is what to quote; the least tells how much the machine swayed."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The amount to quote."""
        return median(self.values)

    @property
    def least(self) -> float:
        """The amount when nothing else disturbed."""
        return min(self.values)


@dataclass(frozen=True)
class Comparison:
    """One line of the table: our work, the yardstick, how much each took, and the ratio aimed at."""

    work: str
    ours: Amounts
    yardstick: str
    theirs: Amounts
    aim: float | None = None
    unit: Unit = "ms"

    @property
    def ratio(self) -> float:
        """How many times as much as the yardstick, by the medians."""
        return self.ours.median / self.theirs.median

    @property
    def least_ratio(self) -> float:
        """The same by the least amounts."""
        return self.ours.least / self.theirs.least


@dataclass(frozen=True)
class Side:
    """One side of a comparison: what it is called, and how it is done. ``files``: by how many its time is divided."""

    name: str
    prepare: Preparation
    files: int = 1

    def time(self) -> float:
        """Do it once; gives the milliseconds a file."""
        return milliseconds(self.prepare()) / self.files


def compare(ours: Side, theirs: Side, aim: float | None = None, *, repetitions: int = 3) -> Comparison:
    """Time both by turns, so that whatever else the machine does falls on both."""
    turns = [(ours.time(), theirs.time()) for _ in range(repetitions)]
    our_times, their_times = zip(*turns, strict=True)
    return Comparison(ours.name, Amounts(our_times), theirs.name, Amounts(their_times), aim)


def milliseconds(work: Callable[[], object]) -> float:
    """Processor time of a piece of work."""
    started = spent()
    work()
    return (spent() - started) * 1000


def tell(time: float) -> None:
    """Tell the process that started this one how many milliseconds the work took."""
    sys.stdout.write(f"{time}\n")


def spent() -> float:
    """Processor seconds of this process and of its children."""
    ended = sum(usage.ru_utime + usage.ru_stime for usage in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))
    return ended + sum(_seconds_of(pid) for pid in _living_children())


def _living_children() -> set[str]:
    """Nothing where there is no /proc."""
    return {pid for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()}


def _seconds_of(pid: str) -> float:
    total = 0
    for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with suppress(OSError):  # it may end at any moment
            total += int(path.read_text().split()[0])
    return total / 1e9
