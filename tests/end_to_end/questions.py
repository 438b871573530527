"""Questions an analyst asks by clicking, drawn at random: a metric, grouped, filtered; and a second reckoning of each.

The second reckoning knows no SQL: it takes the rows of the table and the rule of the metric written out in Python.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from minsheng.publication.metrics import Metric, metrics

Row = Mapping[str, Any]
Answer = dict[tuple[Any, ...], Fraction | None]


@dataclass(frozen=True)
class Question:
    """A metric by some columns, of the rows in which each of ``where`` has its value."""

    metric: Metric
    by: tuple[str, ...]
    where: tuple[tuple[str, Any], ...]

    @property
    def sql(self) -> str:
        """What a tool sends for it, with a mark for each value."""
        selected = ", ".join([*self.by, f"{self.metric.expression} as answer"])
        where = " and ".join(f"{column} is not distinct from ?" for column, _ in self.where) or "true"
        grouped = f" group by {', '.join(self.by)}" if self.by else ""
        return f"select {selected} from {self.metric.table} where {where}{grouped}"

    def reckoned(self, rows: Sequence[Row]) -> Answer:
        """The answer by the second reckoning."""
        kept = [row for row in rows if all(row[column] == value for column, value in self.where)]
        groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for row in kept:
            groups[tuple(row[column] for column in self.by)].append(row)
        if not self.by:
            groups.setdefault((), [])
        return {key: RECKONED[self.metric.name](of_one) for key, of_one in groups.items()}


def questions(rows: Mapping[str, Sequence[Row]], count: int, seed: int) -> Iterator[Question]:
    """So many questions over tables that have rows, each of a month where the metric asks for one."""
    drawn = random.Random(seed)
    asked = [one for one in metrics() if rows[one.table]]
    for _ in range(count):
        metric = drawn.choice(asked)
        some = drawn.choice(rows[metric.table])
        columns = drawn.sample(metric.splits_by, k=min(len(metric.splits_by), drawn.randint(0, 3)))
        cut = drawn.randint(0, len(columns))
        where = {column: some[column] for column in columns[:cut]}
        if metric.one_period and not {"period", "period_key"} & {*where, *columns[cut:]}:
            where |= {"period": some["period"]}
        yield Question(metric, tuple(columns[cut:]), tuple(where.items()))


def _share(rows: Sequence[Row], is_part: Callable[[Row], bool], is_whole: Callable[[Row], bool]) -> Fraction | None:
    whole = sum(is_whole(row) for row in rows)
    return Fraction(sum(is_part(row) for row in rows), whole) if whole else None


def _mean(values: Sequence[Any]) -> Fraction | None:
    told = [Fraction(value) for value in values if value is not None]
    return sum(told, Fraction(0)) / len(told) if told else None


def _total(rows: Sequence[Row], column: str) -> Fraction | None:
    return sum((Fraction(row[column]) for row in rows), Fraction(0)) if rows else None


def _counted(rows: Sequence[Row], is_it: Callable[[Row], bool]) -> Fraction | None:
    return Fraction(sum(map(is_it, rows))) if rows else None


def _scored(row: Row) -> Fraction | None:
    """What an indicator counts, by the rule of the score: written from its words, not from the column."""
    if row["status_code"] == "NO_BASIS" or (row["status_code"] == "NOT_REPORTED" and not row["is_due"]):
        return None
    if row["rests_on_period"]:
        return Fraction(1)
    return min(Fraction(row["completion_ratio"] or 0), Fraction(1))


RECKONED: Mapping[str, Callable[[Sequence[Row]], Fraction | None]] = {
    "indicator_count": lambda rows: Fraction(len(rows)),
    "score": lambda rows: _mean([_scored(row) for row in rows]),
    "scored_count": lambda rows: Fraction(sum(_scored(row) is not None for row in rows)),
    "red_count": lambda rows: _counted(rows, lambda row: row["status_code"] in ("FAR_BEHIND", "NOT_DONE")),
    "done_ratio": lambda rows: _share(rows, lambda row: row["status_code"] in ("DONE", "CLOSED"), lambda _: True),
    "required_unit_count": lambda rows: _counted(rows, lambda row: row["is_required"]),
    "accepted_ratio": lambda rows: _share(
        rows,
        lambda row: row["is_required"] and row["submission_status"] == "accepted",
        lambda row: row["is_required"],
    ),
    "on_time_ratio": lambda rows: (
        Fraction(sum(row["on_time_month_count"] for row in rows), due)
        if (due := sum(row["due_month_count"] for row in rows))
        else None
    ),
    "finding_count": lambda rows: _total(rows, "finding_count"),
    "file_count": lambda rows: Fraction(len(rows)),
    "hours_late": lambda rows: _mean([row["hours_late"] for row in rows if row["version_no"] == 1]),
}
