"""What people have decided, as rows: those of a moment and before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from minsheng.core.home import Home
from minsheng.landing.decisions import decisions_at
from minsheng.warehouse.connection import Connection, append
from minsheng.warehouse.plan_tables import PlanRow


def state_decisions(connection: Connection, home: Home, plan_ids: Iterable[str], moment: datetime) -> None:
    """Make the table of decisions say what had been decided at a moment, inside the caller's transaction."""
    for plan_id in plan_ids:
        connection.execute("delete from raw.decision where plan_id = ?", [plan_id])
        append(connection, "raw.decision", _rows(home, plan_id, moment))


def _rows(home: Home, plan_id: str, moment: datetime) -> Iterator[PlanRow]:
    for number, decision in enumerate(decisions_at(home, plan_id, moment), start=1):
        yield {"plan_id": plan_id, "decision_no": number} | vars(decision)
