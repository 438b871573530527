"""How far a month is settled, and which month a leader sees first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from minsheng.publication.freezes import Freeze
from minsheng.publication.publication import Month, Publication

Freezes = Mapping[tuple[str, str], Freeze]


@dataclass(frozen=True)
class Settlement:
    """Whether a month is preliminary, settled, or changed since it was settled: a word beside the title.

    ``is_changed``: what was issued at the freeze no longer says the same. ``is_due``: the due hour has passed.
    """

    word: str
    is_frozen: bool
    is_changed: bool
    is_due: bool


def standing(publication: Publication, month: Month, freeze: Freeze | None) -> Settlement:
    """How a month of a publication stands; ``freeze`` is null until it is frozen."""
    if freeze is None:
        return Settlement("初步", False, False, _is_due(publication, month))
    is_changed = any(at > freeze.freeze_at for at in _known_since(month))
    return Settlement("定稿后有变动" if is_changed else "定稿", True, is_changed, True)


def opening_month(publications: Sequence[Publication], freezes: Freezes) -> tuple[Publication, Month] | None:
    """The last month that is frozen or due, of all plans in the order of their years; before that the first opened.

    A month that was only just opened says nothing yet. None when no month is open.
    """
    months = [(publication, month) for publication in publications for month in publication.months]
    settled = [
        (publication, month)
        for publication, month in months
        if (publication.plan_id, month.period) in freezes or _is_due(publication, month)
    ]
    return settled[-1] if settled else months[0] if months else None


def _is_due(publication: Publication, month: Month) -> bool:
    return month.due_at is None or publication.as_of > month.due_at


def _known_since(month: Month) -> Iterator[datetime]:
    """When each thing that makes up the month became known: its figures, and that a unit had reported."""
    for row in month.indicators:
        yield from (row["accepted_at"],) if row["accepted_at"] else ()
        yield from (one["known_from"] for one in (*row["corrections"], *row["errata"]) if one["known_from"])
    for row in month.units:
        yield from (at for at in (row["first_received_at"], row["accepted_at"]) if at)
