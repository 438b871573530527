"""The reference applied to the promises of a test world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from minsheng.words.chinese import chinese
from tests.spec import reference
from tests.spec.world import YEAR, Promise

# Closed is a person's act, and never judged.
LABELS = {str(code): word for code, word in chinese().status_code.items() if code != "CLOSED"}
_ASKED = {"ratio": ("numerator",), "coverage": ("numerator",), "stock": ("cumulative",)}


Reported = Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Judged:
    """What the reference says of a month."""

    status: str
    completion: Fraction | None
    gap: Fraction | None

    @property
    def label(self) -> str:
        """The status in Chinese."""
        return LABELS[self.status]


def judged_by_reference(
    promise: Promise, thresholds: Mapping[str, Decimal], month: int, reports: Mapping[int, Reported]
) -> Judged:
    """Judge a month that is frozen by what was reported for it and, where that is nothing, for those before it."""
    said = {when: _parts(promise, report) for when, report in reports.items() if _is_reported(promise, report)}
    promised = _promised(promise, thresholds, month)
    if month in said:
        found = reference.judge(promised, month, *said[month])
    else:
        last = max((when for when in said if when < month), default=0)
        found = reference.judge_silence(promised, month, last, said.get(last, (None, None)))
    return Judged(found.status, found.completion, found.gap)


def target_in_force(promise: Promise, month: int) -> Decimal | None:
    """The target of the month: the last version begun, or the first of all."""
    begun = [target for target in promise.targets if target.valid_from <= f"{YEAR}-{month:02}"]
    return (begun or list(promise.targets[:1]))[-1].value


def _parts(promise: Promise, reported: Mapping[str, Decimal | None]) -> tuple[Fraction | None, Fraction | None]:
    if promise.kind not in ("ratio", "coverage"):
        return _fraction(reported.get("cumulative")), Fraction(1)
    whole = reported.get("denominator") if promise.is_percent else Decimal(1)
    return _fraction(reported.get("numerator")), _fraction(whole)


def _is_reported(promise: Promise, reported: Mapping[str, Decimal | None]) -> bool:
    """Whether there is a value of those its kind asks for; others are as if they had not been written."""
    return any(reported.get(name) is not None for name in _ASKED.get(promise.kind, ("month", "cumulative")))


def _promised(promise: Promise, thresholds: Mapping[str, Decimal], month: int) -> reference.Promise:
    target = promise.last_year.get(month) if promise.kind == "trend" else target_in_force(promise, month)
    return reference.Promise(
        kind=promise.kind,
        comparator=promise.comparator,
        progress_basis=promise.progress_basis,
        polarity=promise.polarity,
        target=_fraction(target),
        base=_fraction(promise.base_value),
        nodes=tuple((day.month, Fraction(value)) for day, value in promise.nodes),
        is_register_missing=promise.is_register_missing,
        may_fall=promise.may_fall,
        deadline_month=promise.deadline.month,
        thresholds={name: Fraction(value) for name, value in thresholds.items()},
    )


def _fraction(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)
