"""Which revision was in force when: told from the log, since nobody can tell it of himself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from minsheng.core.codes import PublicationChange
from minsheng.publication.log import FROZEN, SHOWING, Entry, in_order

_CHANGES: dict[str, PublicationChange] = {
    "published": "published",
    "rolled back": "rolled_back",
    "released": "released",
    "found": "found",
}


@dataclass(frozen=True)
class ShownSpan:
    """A revision and from when to when readers were on it; ``ends`` null: they still are.

    ``change``: by what they came onto it, ``reason`` what a person said of that, ``frozen`` the months (plan, period)
    whose bulletin was frozen on it, ``published_at`` when they were first on it.
    """

    revision: str
    begins: datetime
    ends: datetime | None
    change: PublicationChange
    reason: str
    published_at: datetime
    frozen: tuple[tuple[str, str], ...] = ()

    @property
    def content(self) -> str:
        """What it held, as a hash."""
        return self.revision.split("-")[1]

    def covers(self, moment: datetime) -> bool:
        """Whether readers were on it at a moment; one who comes at its very end is on the next."""
        return self.begins <= moment and (self.ends is None or moment < self.ends)


def spans(found: Iterable[Entry]) -> list[ShownSpan]:
    """Every span, oldest first; one that another followed at the same moment has no length."""
    told: list[ShownSpan] = []
    first: dict[str, datetime] = {}
    for entry in in_order(found):
        if entry.event == FROZEN:
            _freeze(told, entry)
        elif entry.event in SHOWING and (not told or told[-1].revision != entry.revision):
            if told:
                told[-1] = replace(told[-1], ends=entry.at)
            told.append(_begun(entry, first.setdefault(entry.revision, entry.at)))
    return told


def in_force(told: Sequence[ShownSpan], moment: datetime) -> ShownSpan | None:
    """The span a moment lies in; None: nothing was published yet."""
    return next((span for span in reversed(told) if span.covers(moment)), None)


def _begun(entry: Entry, published_at: datetime) -> ShownSpan:
    reason = str(entry.facts.get("reason", ""))
    return ShownSpan(entry.revision, entry.at, None, _CHANGES[entry.event], reason, published_at)


def _freeze(told: list[ShownSpan], entry: Entry) -> None:
    """On the span that the freeze lies in; if it was frozen late, on the last one of its revision."""
    month = (str(entry.facts["plan_id"]), str(entry.facts["period"]))
    moment = datetime.fromisoformat(entry.facts["freeze_at"])
    on_it = [number for number, span in enumerate(told) if span.revision == entry.revision]
    then = [number for number in on_it if told[number].covers(moment)]
    for number in (then or on_it)[-1:]:
        told[number] = replace(told[number], frozen=(*told[number].frozen, month))
