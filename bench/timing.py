"""Timing a piece of work several times, and saying how two pieces compare."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import TypeVar

Prepared = TypeVar("Prepared")


@dataclass(frozen=True)
class Times:
    """Seconds of each repetition. The median is the time; the least says how much of it was the machine's mood."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The time to quote."""
        return median(self.seconds)

    @property
    def least(self) -> float:
        """The time when nothing else disturbed."""
        return min(self.seconds)

    def per(self, count: int) -> Times:
        """The time of one out of ``count`` equal parts."""
        return Times(tuple(spent / count for spent in self.seconds))


@dataclass(frozen=True)
class Comparison:
    """One line of the table: our work, the yardstick, and how long each took."""

    work: str
    ours: Times
    yardstick: str
    theirs: Times

    @property
    def ratio(self) -> float:
        """How many times as long as the yardstick, by the medians."""
        return self.ours.median / self.theirs.median

    @property
    def least_ratio(self) -> float:
        """The same by the least times."""
        return self.ours.least / self.theirs.least


def measure(repetitions: int, prepare: Callable[[], Prepared], work: Callable[[Prepared], object]) -> Times:
    """Time ``work`` on something freshly prepared each time; preparing is not timed."""
    return Times(tuple(_once(prepare(), work) for _ in range(repetitions)))


def _once(prepared: Prepared, work: Callable[[Prepared], object]) -> float:
    started = perf_counter()
    work(prepared)
    return perf_counter() - started
