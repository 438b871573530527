"""What every stage of one run shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from minsheng.core.home import Home
from minsheng.plan.county import County
from minsheng.words.letter_words import Wording
from minsheng.words.letters import shipped


@dataclass(frozen=True)
class Run:
    """One run of stages for one county: where, by which plans, and the moment it speaks of.

    ``as_of`` (zoned) is when whatever this run pulls was received, and what due, late and
    known-from are judged by; ``run_id`` names the run in the outcome rows. ``shown_at`` is when
    readers are shown what it publishes; null: at ``as_of``. ``wording`` is what its letters say.
    """

    home: Home
    county: County
    as_of: datetime
    run_id: str
    shown_at: datetime | None = None
    wording: Wording = field(default_factory=shipped, repr=False)

    @property
    def moment(self) -> datetime:
        """When the run takes place, whatever moment its tables speak of."""
        return self.shown_at or self.as_of
