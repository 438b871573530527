"""What a stage did with each of its inputs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from minsheng.core.codes import Result, Stage

# What stays as it is until a person sees to it, though no unit can be told: it shows in every run.
_TROUBLES: frozenset[Result] = frozenset({"shut", "silent", "down", "too_deep", "too_many"})


@dataclass(frozen=True)
class Outcome:
    """One input of one stage: what it was, what became of it, how much was in it."""

    input: str
    result: Result
    detail: str = ""
    item_count: int = 0


@dataclass(frozen=True)
class StageResult:
    """All outcomes of one call of a stage, and the periods whose facts it touched."""

    stage: Stage
    outcomes: tuple[Outcome, ...] = ()
    periods: tuple[str, ...] = field(default=())

    def count(self, result: Result) -> int:
        """How many inputs ended with this result."""
        return self.counts[result]

    @property
    def counts(self) -> Counter[Result]:
        """How many inputs ended with each result, in order of first appearance."""
        return Counter(outcome.result for outcome in self.outcomes)

    @property
    def troubles(self) -> tuple[Outcome, ...]:
        """What the data team must see to: these inputs were not taken, and the stage went on with the others."""
        return tuple(outcome for outcome in self.outcomes if outcome.result in _TROUBLES)
