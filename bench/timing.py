"""Timing a piece of work beside its yardstick, and saying how the two compare.

What is counted is processor time, of all threads and of child processes that have ended: on a
machine shared with others, the clock on the wall measures the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from statistics import median

# Prepares, which is not timed, and gives the work, which is.
Preparation = Callable[[], Callable[[], object]]


@dataclass(frozen=True)
class Times:
    """Processor seconds of each repetition. The median is the time; the least tells how much the machine swayed."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The time to quote."""
        return median(self.seconds)

    @property
    def least(self) -> float:
        """The time when nothing else disturbed."""
        return min(self.seconds)


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


def compare(work: str, ours: Preparation, yardstick: str, theirs: Preparation, *, repetitions: int = 5) -> Comparison:
    """Time both by turns, so that whatever else the machine does falls on both."""
    turns = [(_seconds(ours()), _seconds(theirs())) for _ in range(repetitions)]
    our_seconds, their_seconds = zip(*turns, strict=True)
    return Comparison(work, Times(our_seconds), yardstick, Times(their_seconds))


def _seconds(work: Callable[[], object]) -> float:
    started = _spent()
    work()
    return _spent() - started


def _spent() -> float:
    return sum(usage.ru_utime + usage.ru_stime for usage in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))
