"""What people have decided, as rows: those of the moment of the run and before."""

from __future__ import annotations

from collections.abc import Iterator

from minsheng.landing.decisions import decisions_at
from minsheng.plan.run import Run
from minsheng.warehouse.connection import Connection, append
from minsheng.warehouse.plan_rows import PlanRow


def state_decisions(connection: Connection, run: Run) -> None:
    """Make the table of decisions say what had been decided at the moment of the run, in the caller's transaction."""
    for plan_id in run.county.plan_ids:
        connection.execute("delete from raw.decision where plan_id = ?", [plan_id])
        append(connection, "raw.decision", _rows(run, plan_id))


def _rows(run: Run, plan_id: str) -> Iterator[PlanRow]:
    for number, decision in enumerate(decisions_at(run.home, plan_id, run.as_of), start=1):
        yield {"plan_id": plan_id, "decision_no": number} | vars(decision)
