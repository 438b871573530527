"""Letters about what was decided of a month: by when it may be reported, and which figure may still be changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from minsheng.core.clock import county_time
from minsheng.mail.letters import Addressed, Letter
from minsheng.mail.months import OpenMonth
from minsheng.mail.senders import unit_name
from minsheng.plan.run import Run
from minsheng.warehouse.connection import Connection, Row, rows_of
from minsheng.words import display
from minsheng.words.filling import fill

_DECIDED = """
    select decision_no, kind, unit_code, document_no
    from raw.decision
    where plan_id = ? and period = ? and kind in ('extended', 'extension_ended')
    order by decision_no
"""


_REOPENED = """
    select decision.decision_no, decision.unit_code, decision.document_no, decision.until_at, indicator.indicator_name
    from raw.decision as decision
    inner join staging.stg_reopening as held using (plan_id, period, unit_code, indicator_code, until_at)
    inner join raw.indicator as indicator using (plan_id, indicator_code)
    where decision.plan_id = ? and decision.period = ? and decision.kind = 'reopened' and decision.until_at > ?
    order by decision.decision_no
"""


def reopenings(connection: Connection, run: Run, month: OpenMonth) -> Iterator[Addressed]:
    """A letter for each figure that is open again, while it is; a decision is told once."""
    plan_id, period, said = month.plan.plan_id, str(month.period), run.wording.reopening
    for decision in rows_of(connection, _REOPENED, [plan_id, period, run.as_of]):
        unit_code = decision["unit_code"]
        words = decision | {
            "month": display.month_name(period),
            "unit_name": unit_name(run, plan_id, unit_code),
            "due": display.moment_in_words(county_time(decision["until_at"])),
            "document": _document(decision),
        }
        identity = ("reopening", plan_id, f"{decision['decision_no']}", unit_code)
        letter = Letter(fill(said.opening, words), fill(said.closing, words))
        yield Addressed("notice", plan_id, unit_code, period, fill(said.subject, words), identity, letter)


def extensions(connection: Connection, run: Run, month: OpenMonth) -> Iterator[Addressed]:
    """What was decided last for each unit, while its hour is still to come; a decision is told once."""
    last: dict[str, Row] = {}
    for decision in rows_of(connection, _DECIDED, [month.plan.plan_id, str(month.period)]):
        told = [unit.unit_code for unit in month.required] if decision["unit_code"] is None else [decision["unit_code"]]
        last |= dict.fromkeys(told, decision)
    units = {unit.unit_code: unit for unit in month.units}
    for unit_code, decision in sorted(last.items()):
        due = month.due_of(units.get(unit_code))
        if run.as_of < due:
            yield _letter(run, month, unit_code, decision, due)


def _letter(run: Run, month: OpenMonth, unit_code: str, decision: Row, due: datetime) -> Addressed:
    said, plan_id, period = run.wording.extension, month.plan.plan_id, str(month.period)
    words = {
        "month": display.month_name(period),
        "unit_name": unit_name(run, plan_id, unit_code),
        "change": said.changed if decision["kind"] == "extended" else said.changed_back,
        "due": display.moment_in_words(due),
        "document": _document(decision),
    }
    identity = ("extension", plan_id, f"{decision['decision_no']}", unit_code)
    letter = Letter(fill(said.opening, words), fill(said.closing, words))
    return Addressed("notice", plan_id, unit_code, period, fill(said.subject, words), identity, letter)


def _document(decision: Row) -> str:
    return f"（{decision['document_no']}）" if decision["document_no"] else ""
