"""What a stage did, as an operator reads it."""

from __future__ import annotations

from minsheng.core.outcome import StageResult
from minsheng.words.chinese import chinese


def summary(result: StageResult) -> str:
    """``已留存 12，已有 3``: the results with their counts, in order of first appearance."""
    counts = (f"{chinese().result[code]} {count}" for code, count in result.counts.items())
    return "，".join(counts) or "没有要做的"
