"""renew: make the workbooks again whose targets, totals or registers have changed since they were handed out.

docs/adr/0030 says why, and who is written to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path, PurePosixPath

from minsheng.core.outcome import Outcome, StageResult
from minsheng.core.period import Period
from minsheng.mail.contacts import Contacts
from minsheng.mail.letters import Addressed, queue_letters
from minsheng.mail.outbox import render_outbox
from minsheng.mail.renewed import RenewedForm, renewed_form
from minsheng.plan.run import Run
from minsheng.template.content import Content, changes, handed_out, told
from minsheng.template.month import MonthForms, month_forms
from minsheng.template.names import workbook_path
from minsheng.template.workbook import write_workbook
from minsheng.warehouse.connection import Connection, open_warehouse, transaction
from minsheng.warehouse.forms import HandedOut, as_text, known_content, remember, remembered_months
from minsheng.warehouse.ledger import record
from minsheng.warehouse.totals import accepted_earlier


@dataclass(frozen=True)
class _Form:
    """One workbook that is out: what its maker would write into it today, and whether its unit has yet to report.

    ``is_month_new``: nothing is remembered of any workbook of the month, as in a home of before, or one made anew.
    """

    month: MonthForms
    unit_code: str
    content: Content
    is_awaited: bool
    is_month_new: bool

    @property
    def key(self) -> tuple[str, str, str]:
        """Plan, month and unit."""
        return self.month.plan.plan_id, str(self.month.period), self.unit_code


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
    months: dict[tuple[str, str], MonthForms] = {}
    remembered = remembered_months(connection)
    for plan_id, period, unit_code, is_reported in connection.execute(
        query, [run.county.plan_ids, run.as_of]
    ).fetchall():
        key = (plan_id, period)
        if key not in months:
            months[key] = _month(connection, run, *key)
        content = handed_out(months[key], unit_code)
        yield _Form(months[key], unit_code, content, not is_reported, key not in remembered)


def _month(connection: Connection, run: Run, plan_id: str, period: str) -> MonthForms:
    plan = run.county.plan(plan_id)
    earlier = accepted_earlier(connection, plan, Period.parse(period))
    return month_forms(plan, period, earlier, run.wording.common.form_how_to_send)


def _unit(form: _Form) -> str:
    return form.unit_code


def _renew(connection: Connection, run: Run, forms: Sequence[_Form], enquiries: str) -> Iterator[Outcome]:
    """A unit's workbooks that no longer say what is so; each file is written before it is noted."""
    letters: list[Addressed] = []
    changed: list[_Form] = []
    for form in forms:
        known = known_content(connection, *form.key)
        if known == form.content:
            continue
        changed.append(form)
        if known is not None or not form.is_month_new:
            yield Outcome(_written(run, form), "made")
            letters += _letters(run, form, known or {}, enquiries)
    if not changed:
        return
    with transaction(connection):
        remember(connection, (HandedOut(*form.key, form.content, run.as_of) for form in changed))
        queue_letters(connection, run, letters)


def _written(run: Run, form: _Form) -> str:
    path = _path(run, form)
    write_workbook(path, form.month, form.unit_code)
    return path.name


def _path(run: Run, form: _Form) -> Path:
    plan, period = form.month.plan, str(form.month.period)
    return workbook_path(run.home.templates / plan.plan_id / period, plan, form.unit_code, period)


def _letters(run: Run, form: _Form, before: Content, enquiries: str) -> Iterator[Addressed]:
    """To a unit that has yet to report; to nobody when only the form has got more columns."""
    different = [*map(told, changes(before, form.content))]
    if form.is_awaited and different:
        below = PurePosixPath(_path(run, form).relative_to(run.home.root).as_posix())
        of_change = (as_text(before), as_text(form.content), run.as_of.isoformat())
        yield renewed_form(run, RenewedForm(*form.key, below, different, of_change), enquiries)
