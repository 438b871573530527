"""chase: write the letters that a moment is the cause of: a month opened, a report due, overdue, a month frozen.

Asks what holds at the moment of the run and nothing else, so it may be called at any time, and again (docs/adr/0033).
Judges nothing and sends nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from pathlib import Path

from minsheng.core.clock import county_time
from minsheng.core.files import atomic_write
from minsheng.core.outcome import StageResult
from minsheng.mail.bulletins import BulletinToSend, bulletins
from minsheng.mail.contacts import Contacts
from minsheng.mail.extensions import extensions, reopenings
from minsheng.mail.feedback import feedback, sheets
from minsheng.mail.letters import Addressed, queue_letters
from minsheng.mail.months import OpenMonth, opened_months
from minsheng.mail.opening import openings
from minsheng.mail.outbox import render_outbox
from minsheng.mail.overdue import escalations, late_lists
from minsheng.mail.reminders import reminders
from minsheng.mail.signing import signatures
from minsheng.plan.calendar import EVENING, is_office_hour
from minsheng.plan.run import Run
from minsheng.publication.bulletins import issued, issued_folder
from minsheng.publication.freezes import Freeze, freezes
from minsheng.publication.revisions import find, open_revision
from minsheng.template.names import workbook_name
from minsheng.warehouse.connection import Connection, open_warehouse, transaction
from minsheng.warehouse.decisions import state_decisions
from minsheng.warehouse.ledger import record

# Beyond a long holiday: a bulletin issued before one is mailed after it.
_NEWS = timedelta(days=14)
_WRITTEN_TO = "select distinct unit_code from raw.mail where queued_at >= ? and queued_at <= ?"


def chase(run: Run, contacts: Contacts | None = None) -> StageResult:
    """Write what is due now, one mail for each unit or office; nothing outside office hours.

    But for the list of who owes a report, which is written on the evening of the due hour and of the freeze.
    What came due while nothing ran is made up for by its newest letter alone. No-op where no month was ever opened.
    """
    if not run.home.warehouse.exists():
        return StageResult("chase")
    with open_warehouse(run.home.warehouse) as connection:
        with transaction(connection):
            state_decisions(connection, run.home, run.county.plan_ids, run.as_of)
        opened = [*opened_months(connection, run)]
        months = [month for month in opened if is_office_hour(month.plan, run.as_of)]
        evening = [month for month in opened if is_office_hour(month.plan, run.as_of, EVENING)]
        with transaction(connection):
            letters = [*_due(connection, run, contacts, months), *_all_lists(run, evening, contacts)]
            queue_letters(connection, run, letters)
        result = StageResult("chase", tuple(render_outbox(connection, run, contacts)))
        with transaction(connection):
            record(connection, run, result)
    return result


def count_as_written(run: Run, contacts: Contacts | None = None) -> StageResult:
    """Note every letter that is due now as sent: for a home whose outbox was lost, in which nobody knows better."""
    with open_warehouse(run.home.warehouse) as connection, transaction(connection):
        months = [*opened_months(connection, run)]
        letters = [*_due(connection, run, contacts, months), *_all_lists(run, months, contacts)]
        queue_letters(connection, run, letters, told_at=run.as_of)
    return StageResult("chase")


def _due(
    connection: Connection, run: Run, contacts: Contacts | None, months: Sequence[OpenMonth]
) -> Iterator[Addressed]:
    """All letters but lists that hold now, also those written before: each has a key by which it is known."""
    enquiries = run.wording.enquiries(contacts.telephone if contacts else None)
    written_to = _written_to(connection, run)
    frozen = freezes(run.home)
    for _, of_plan in groupby(months, key=lambda month: month.plan.plan_id):
        ordered = [*of_plan]
        for month in ordered:
            yield from openings(connection, run, month, enquiries)
            yield from extensions(connection, run, month)
            yield from reopenings(connection, run, month)
            yield from signatures(connection, run, month)
            yield from reminders(run, month, written_to, enquiries)
            yield from escalations(run, month, contacts, enquiries) if contacts else ()
        yield from _feedback(run, ordered, frozen, enquiries)
        yield from _bulletin(run, ordered, contacts, enquiries) if contacts else ()


def _all_lists(run: Run, months: Sequence[OpenMonth], contacts: Contacts | None) -> Iterator[Addressed]:
    for _, of_plan in groupby(months, key=lambda month: month.plan.plan_id):
        yield from _lists(run, [*of_plan], contacts)


def _lists(run: Run, months: Sequence[OpenMonth], contacts: Contacts | None) -> Iterator[Addressed]:
    """Of the months that are due, and of the last one that is frozen."""
    past = [month for month in months if month.freeze_at < run.as_of]
    for month in (*past[-1:], *(month for month in months if month not in past)):
        yield from late_lists(run, month, contacts) if contacts else ()


def _feedback(
    run: Run, months: Sequence[OpenMonth], frozen: dict[tuple[str, str], Freeze], enquiries: str
) -> Iterator[Addressed]:
    """Of the last month that was frozen; an earlier one that was never told is history by now."""
    from minsheng.mail.feedback_sheet import feedback_workbook  # with openpyxl, for a freeze only

    told = [month for month in months if (month.plan.plan_id, str(month.period)) in frozen]
    for month in told[-1:]:
        if month.rule.feedback:
            revision = find(run.home, frozen[month.plan.plan_id, str(month.period)].revision)
            with open_revision(revision) as published:
                following = next((each for each in months if each.period == month.period.next), None)
                for unit_code, sheet in sheets(published, run, month, following):
                    path = _sheet_path(run, month, unit_code)
                    if not path.exists():
                        atomic_write(path, feedback_workbook(sheet, month.freeze_at))
                    below = path.relative_to(run.home.root).as_posix()
                    yield feedback(run, month, unit_code, sheet, below, enquiries)


def _bulletin(run: Run, months: Sequence[OpenMonth], contacts: Contacts, enquiries: str) -> Iterator[Addressed]:
    """Those of the last days, where the plan wants them mailed; what was issued long before is history by now."""
    wanted = {str(month.period): month for month in months if month.rule.bulletin}
    for one in issued(run.home, months[0].plan.plan_id) if wanted else ():
        if one.period in wanted and timedelta(0) <= run.as_of - one.issued_at <= _NEWS:
            folder = issued_folder(run.home, one).relative_to(run.home.root)
            files = tuple((folder / name).as_posix() for name in sorted(one.files))
            to_send = BulletinToSend(one.number, one.issued_at, one.issued_by, files)
            yield from bulletins(run, wanted[one.period], to_send, contacts, enquiries)


def _sheet_path(run: Run, month: OpenMonth, unit_code: str) -> Path:
    folder = run.home.reports / month.plan.plan_id / "feedback" / str(month.period)
    return folder / workbook_name(month.plan, unit_code, f"{month.period}_反馈单")


def _written_to(connection: Connection, run: Run) -> set[str]:
    """Who has had a mail today."""
    midnight = county_time(run.as_of).replace(hour=0, minute=0, second=0, microsecond=0)
    return {code for (code,) in connection.execute(_WRITTEN_TO, [midnight, run.as_of]).fetchall()}
