"""The months that are frozen: on which revision, and the page that was issued then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from minsheng.core.clock import county_time
from minsheng.core.home import Publisher
from minsheng.publication.log import FROZEN, entries, log

ISSUED = "issued"


@dataclass(frozen=True)
class Freeze:
    """A frozen month; ``page_sha256`` of the page issued then, empty before it was made."""

    plan_id: str
    period: str
    freeze_at: datetime
    revision: str
    page_sha256: str = ""

    @property
    def page(self) -> str:
        """The name of the page that was issued, beside the month's later one."""
        return f"{self.period}.定稿.html"


def freezes(publisher: Publisher) -> dict[tuple[str, str], Freeze]:
    """Every frozen month, by plan and period, in the order in which they were frozen."""
    found: dict[tuple[str, str], Freeze] = {}
    for entry in entries(publisher):
        if entry.event not in (FROZEN, ISSUED):
            continue
        key = (str(entry.facts["plan_id"]), str(entry.facts["period"]))
        if entry.event == FROZEN:
            moment = county_time(datetime.fromisoformat(entry.facts["freeze_at"]))
            found.setdefault(key, Freeze(*key, moment, entry.revision))
        elif key in found:
            found[key] = replace(found[key], page_sha256=str(entry.facts["sha256"]))
    return found


def log_frozen(publisher: Publisher, now: datetime, freeze: Freeze) -> None:
    """Write down on which revision a month was frozen."""
    month = {"plan_id": freeze.plan_id, "period": freeze.period}
    log(publisher, now, FROZEN, month | {"freeze_at": freeze.freeze_at.isoformat(), "to": freeze.revision})


def log_issued(publisher: Publisher, now: datetime, freeze: Freeze, sha256: str) -> None:
    """Write down which page was issued of a frozen month; later ones never take its place."""
    log(publisher, now, ISSUED, {"plan_id": freeze.plan_id, "period": freeze.period, "sha256": sha256})
