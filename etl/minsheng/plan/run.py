"""What every stage of one run shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from minsheng.core.home import Home
from minsheng.plan.models import Plan


@dataclass(frozen=True)
class Run:
    """One run of stages: where, by which plan, and the moment it speaks of.

    ``as_of`` (zoned) is when whatever this run pulls was received, and what due, late and
    known-from are judged by; ``run_id`` names the run in the outcome rows.
    """

    home: Home
    plan: Plan
    as_of: datetime
    run_id: str
