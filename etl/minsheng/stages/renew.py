"""renew: make the workbooks again whose targets, totals or registers have changed since they were handed out.

docs/adr/0030 says why, and who is written to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from pathlib import Path, PurePosixPath

from minsheng.core.declarations import FORMS
from minsheng.core.outcome import Outcome, StageResult
from minsheng.core.period import Period
from minsheng.mail.contacts import Contacts
from minsheng.mail.letters import Addressed, queue_letters
from minsheng.mail.outbox import render_outbox
from minsheng.mail.renewed import RenewedForm, renewed_form
from minsheng.plan.form import Form, form_for
from minsheng.plan.models import Plan
from minsheng.plan.run import Run
from minsheng.template import workbook_path, write_workbook
from minsheng.template.content import Content, changes, handed_out, told
from minsheng.warehouse.connection import Connection, open_warehouse, transaction
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
        enquiries = run.wording.enquiries(contacts.telephone if contacts else None)
        by_unit = groupby(sorted(_forms(connection, run), key=_unit), key=_unit)
        renewed = [outcome for _, forms in by_unit for outcome in _renew(connection, run, [*forms], enquiries)]
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
    forms: dict[str, Form] = {}
    remembered = remembered_months(connection)
    for plan_id, month, unit_code, is_reported in connection.execute(
        query, [run.county.plan_ids, run.as_of]
    ).fetchall():
        plan, period = run.county.plan(plan_id), Period.parse(month)
        if period not in totals:
            totals[period] = last_cumulatives(connection, plan, period)
            forms[month] = form_for(FORMS, month)
        content = handed_out(plan, forms[month], unit_code, month, totals[period])
        is_month_new = (plan_id, month) not in remembered
        yield _Form(plan, period, unit_code, totals[period], content, not is_reported, is_month_new)


def _unit(form: _Form) -> str:
    return form.unit_code


def _renew(connection: Connection, run: Run, forms: Sequence[_Form], enquiries: str) -> Iterator[Outcome]:
    """A unit's workbooks that no longer say what is so; each file is written before it is noted."""
    letters: list[Addressed] = []
    changed: list[_Form] = []
    for form in forms:
        known = known_content(connection, form.plan.plan_id, str(form.period), form.unit_code)
        if known == form.content:
            continue
        changed.append(form)
        if known is not None or not form.is_month_new:
            yield Outcome(_written(run, form), "made")
            letters += [_letter(run, form, known or {}, enquiries)] if form.is_awaited else []
    with transaction(connection):
        for form in changed:
            said = HandedOut(form.plan.plan_id, str(form.period), form.unit_code, form.content, run.as_of)
            remember(connection, said)
        queue_letters(connection, run, letters)


def _written(run: Run, form: _Form) -> str:
    plan, month, path = form.plan, str(form.period), _path(run, form)
    write_workbook(path, plan, form_for(FORMS, month), form.unit_code, month, form.totals)
    return path.name


def _path(run: Run, form: _Form) -> Path:
    folder = run.home.templates / form.plan.plan_id / str(form.period)
    return workbook_path(folder, form.plan, form.unit_code, str(form.period))


def _letter(run: Run, form: _Form, before: Content, enquiries: str) -> Addressed:
    below = PurePosixPath(_path(run, form).relative_to(run.home.root).as_posix())
    different = [*map(told, changes(before, form.content))]
    of_change = (as_text(before), as_text(form.content), run.as_of.isoformat())
    renewed = RenewedForm(form.plan.plan_id, str(form.period), form.unit_code, below, different, of_change)
    return renewed_form(run, renewed, enquiries)
