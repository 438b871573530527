"""Which frozen months call for a bulletin: one to be drafted, or one that waits for a person's word."""

from __future__ import annotations

from datetime import datetime

from minsheng.core.home import Home
from minsheng.publication.bulletins import issued, last_draft
from minsheng.publication.freezes import freezes


def undrafted(home: Home, moment: datetime) -> list[tuple[str, str]]:
    """The months frozen by then that call for a bulletin, by plan and period: those after the last one drafted.

    Where nothing was ever drafted it is the newest alone: nobody asks for last year's.
    """
    frozen = _frozen_by(home, moment)
    drafted = [place for place, key in enumerate(frozen) if last_draft(home, *key)]
    return frozen[max(drafted, default=len(frozen) - 2) + 1 :]


def undecided(home: Home, moment: datetime) -> list[tuple[str, str]]:
    """The frozen months whose last draft waits for a decision, by plan and period."""
    return [key for key in _frozen_by(home, moment) if (last := last_draft(home, *key)) and last.decision is None]


def is_wanted(home: Home, plan_id: str, period: str, moment: datetime) -> bool:
    """Whether there is anything to draft of a month: it is frozen by then, and no bulletin of it was issued."""
    return (plan_id, period) in _frozen_by(home, moment) and period not in {one.period for one in issued(home, plan_id)}


def _frozen_by(home: Home, moment: datetime) -> list[tuple[str, str]]:
    return [key for key, frozen in freezes(home).items() if frozen.freeze_at <= moment]
