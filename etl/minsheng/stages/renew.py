"""renew: make the workbooks again whose targets, totals or registers have changed since they were handed out.

docs/adr/0030 says why, and who is written to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from minsheng.core.declarations import FORMS
from minsheng.core.outcome import Outcome, StageResult
from minsheng.core.period import Period
from minsheng.mail.contacts import Contacts
from minsheng.mail.form_letter import KIND, form_subject
from minsheng.mail.outbox import render_outbox
from minsheng.mail.senders import unit_name
from minsheng.plan.form import form_for
from minsheng.plan.models import Plan
from minsheng.plan.run import Run
from minsheng.template import workbook_path, write_workbook
from minsheng.template.content import Content, handed_out
from minsheng.warehouse.connection import Connection, append, open_warehouse, transaction
from minsheng.warehouse.forms import HandedOut, as_text, known_content, remember, remembered_months
from minsheng.warehouse.ledger import record
from minsheng.warehouse.totals import last_cumulatives


@dataclass(frozen=True)
class _Form:
    """One workbook that is out: what its maker would write into it today, and whether its unit has yet to report.

    ``is_month_new``: nothing is remembered of any workbook of the month, as in a home of before, or one made anew.
    """

    plan: Plan
    period: Period
    unit_code: str
    totals: dict[str, Decimal]
    content: Content
    is_awaited: bool
    is_month_new: bool


def renew(run: Run, contacts: Contacts | None = None) -> StageResult:
    """Look through the months that are open and not frozen; a unit that has yet to report is sent its new workbook.

    A second call changes nothing. The first in a home that knows of no workbook notes what is handed out as it is.
    """
    with open_warehouse(run.home.warehouse) as connection:
        renewed = [outcome for form in _forms(connection, run) for outcome in _renew(connection, run, form)]
        outcomes = (*renewed, *render_outbox(connection, run, contacts))
        result = StageResult("renew", outcomes)
        with transaction(connection):
            record(connection, run, result)
    return result


def _forms(connection: Connection, run: Run) -> Iterator[_Form]:
    """The workbooks of all units that owe or may send something for a month that is still open."""
    query = """
        select period.plan_id, period.period, duty.unit_code, bool_or(current.unit_code is not null)
        from raw.period as period
        inner join raw.obligation as duty
            on period.plan_id = duty.plan_id and period.period = duty.period
        left join staging.stg_version as current
            on duty.plan_id = current.plan_id and duty.period = current.period and duty.unit_code = current.unit_code
        where list_contains(?, period.plan_id) and period.freeze_at >= ?
        group by all
        order by all
    """
    totals: dict[Period, dict[str, Decimal]] = {}
    remembered = remembered_months(connection)
    for plan_id, month, unit_code, is_reported in connection.execute(
        query, [run.county.plan_ids, run.as_of]
    ).fetchall():
        plan, period = run.county.plan(plan_id), Period.parse(month)
        if period not in totals:
            totals[period] = last_cumulatives(connection, plan, period)
        content = handed_out(plan, form_for(FORMS, month), unit_code, month, totals[period])
        is_month_new = (plan_id, month) not in remembered
        yield _Form(plan, period, unit_code, totals[period], content, not is_reported, is_month_new)


def _renew(connection: Connection, run: Run, form: _Form) -> Iterator[Outcome]:
    """Nothing for a workbook that still says what is so; the file is written before it is noted."""
    plan_id, month = form.plan.plan_id, str(form.period)
    known = known_content(connection, plan_id, month, form.unit_code)
    if known == form.content:
        return
    is_noted_only = known is None and form.is_month_new
    if not is_noted_only:
        yield Outcome(_written(run, form), "made")
    handed_out = HandedOut(plan_id, month, form.unit_code, form.content, run.as_of)
    with transaction(connection):
        remember(connection, handed_out)
        if form.is_awaited and not is_noted_only:
            _queue(connection, run, handed_out, known or {})


def _written(run: Run, form: _Form) -> str:
    plan, month = form.plan, str(form.period)
    path = workbook_path(run.home.templates / plan.plan_id / month, plan, form.unit_code, month)
    write_workbook(path, plan, form_for(FORMS, month), form.unit_code, month, form.totals)
    return path.name


def _queue(connection: Connection, run: Run, form: HandedOut, before: Content) -> None:
    """The letter, its id made of what it tells and when: a content that comes back later is told again."""
    told = (KIND, *form.key.values(), as_text(before), as_text(form.content), run.as_of.isoformat())
    mail_id = hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]
    letter = {"former_content": as_text(before), "content": as_text(form.content)}
    mail = {
        "mail_id": mail_id,
        "plan_id": form.plan_id,
        "unit_code": form.unit_code,
        "kind": KIND,
        "subject": form_subject(form.period, unit_name(run, form.plan_id, form.unit_code)),
        "queued_at": run.as_of,
    }
    if not connection.execute("select 1 from raw.mail where mail_id = ?", [mail_id]).fetchone():
        append(connection, "raw.form_letter", [{"mail_id": mail_id} | form.key | letter])
        append(connection, "raw.mail", [mail])
