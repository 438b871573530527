"""open: write what a month owes and make the workbooks. Asks nobody and judges nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from minsheng.core.clock import county_time
from minsheng.core.declarations import FORMS
from minsheng.core.errors import UserError
from minsheng.core.outcome import Outcome, StageResult
from minsheng.core.period import Period
from minsheng.landing import record_opening
from minsheng.plan.form import form_for
from minsheng.plan.models import Plan
from minsheng.plan.run import Run
from minsheng.template.content import handed_out
from minsheng.template.month import MonthForms, month_forms
from minsheng.template.names import workbook_path
from minsheng.template.workbook import write_workbook
from minsheng.warehouse.connection import Connection, kept_open, open_warehouse, transaction
from minsheng.warehouse.forms import HandedOut, known_content, remember, remembered_months
from minsheng.warehouse.ledger import keep
from minsheng.warehouse.plan_rows import open_rows, write_plan
from minsheng.warehouse.totals import accepted_earlier


def open_period(run: Run, period: Period) -> StageResult:
    """Open one month: obligations into the warehouse, a workbook per unit into ``templates/``.

    No-op for a month already open, except that missing workbooks are made again. Raises UserError
    for a month no plan or form says anything about, or that has not begun; nothing is written then.
    """
    plan = run.county.require_plan_of(period)
    form_for(FORMS, str(period))
    if county_time(run.as_of).date() < period.first_day:
        raise UserError("period_not_begun", "报送期", period=period, day=county_time(run.as_of).date())
    folder = run.home.templates / plan.plan_id / str(period)
    with kept_open(run.home.warehouse), open_warehouse(run.home.warehouse) as connection:
        opened_at = _record(connection, run, plan, period)
        write_plan(connection, plan)
        owed = open_rows(connection, plan, period, opened_at)
        earlier = accepted_earlier(connection, plan, period)
        month = month_forms(plan, str(period), earlier, run.wording.common.form_how_to_send)
        made = write_templates(month, folder)
        _note_forms(connection, run, month)
        opened = Outcome(str(period), "opened" if owed else "known", "", owed)
        return keep(run, StageResult("open", (opened, *made), (str(period),) if owed else ()))


def _record(connection: Connection, run: Run, plan: Plan, period: Period) -> datetime:
    """Since when the month is open. Landing notes it: the first time, or again if the note was lost or damaged."""
    plan_id = plan.plan_id
    query = "select opened_at from raw.period where plan_id = ? and period = ?"
    known = connection.execute(query, [plan_id, str(period)]).fetchone()
    moment = county_time(known[0]) if known else run.as_of
    return record_opening(run.home, plan_id, str(period), moment, is_known=known is not None)


def _note_forms(connection: Connection, run: Run, month: MonthForms) -> None:
    """Remember what each workbook says: with that it is compared when a target or a total changes, see ``renew``."""
    key = (month.plan.plan_id, str(month.period))
    is_known = key in remembered_months(connection)
    unknown = [unit for unit in month.duties if not is_known or known_content(connection, *key, unit) is None]
    with transaction(connection):
        remember(connection, (HandedOut(*key, unit, handed_out(month, unit), run.as_of) for unit in unknown))


def write_templates(month: MonthForms, folder: Path, only: str | None = None) -> list[Outcome]:
    """Make the workbooks of a month that are not there yet; ``only`` one unit if given."""
    outcomes = []
    for unit_code in month.duties:
        path = workbook_path(folder, month.plan, unit_code, str(month.period))
        if (only is None or only == unit_code) and not path.exists():
            write_workbook(path, month, unit_code)
            outcomes.append(Outcome(path.name, "made"))
    return outcomes
