"""The plans of a run and what their errata have put right, as the tables that star and marts are made from."""

from __future__ import annotations

from collections.abc import Iterator

from minsheng.landing.editions import edition_plan, editions
from minsheng.plan.run import Run
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection, append
from minsheng.warehouse.decisions import state_decisions
from minsheng.warehouse.explanations import state_reviews
from minsheng.warehouse.plan_rows import replace_plans
from minsheng.warehouse.plan_tables import PlanRow


def state_plans(connection: Connection, run: Run) -> None:
    """Make the plan tables say what is in force at the moment of the run, inside the caller's transaction."""
    replace_plans(connection, run.county.plans)
    state_decisions(connection, run.home, run.county.plan_ids, run.as_of)
    state_reviews(connection, run.home, run.county.plan_ids, run.as_of)
    for plan_id in run.county.plan_ids:
        connection.execute("delete from raw.erratum where plan_id = ?", [plan_id])
        append(connection, "raw.erratum", _erratum_rows(run, plan_id))


def _erratum_rows(run: Run, plan_id: str) -> Iterator[PlanRow]:
    for edition in editions(run.home, plan_id):
        if not edition.corrections or edition.received_at > run.as_of:
            continue
        errata = {erratum.code: erratum for erratum in edition_plan(run.home, edition).errata}
        for correction in edition.corrections:
            erratum = errata[correction.erratum_code]
            yield {
                "plan_id": plan_id,
                "known_from": edition.received_at,
                **vars(correction),
                "column_label": sqlfiles.dictionary()[correction.column_name].label,
                "reason": erratum.reason,
                "document_no": erratum.document_no,
                "decided_on": erratum.decided_on,
            }
