"""Reminders to units that still owe a report: of several that would be due only the newest."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from minsheng.mail.contacts import signer_of
from minsheng.mail.letters import Addressed, Letter
from minsheng.mail.months import OpenMonth, UnitMonth
from minsheng.mail.senders import unit_name
from minsheng.plan.calendar import working_day, working_days_between
from minsheng.plan.run import Run
from minsheng.words.filling import fill
from minsheng.words.letter_words import ReminderWords


def reminders(run: Run, month: OpenMonth, written_to: Collection[str], enquiries: str) -> Iterator[Addressed]:
    """A letter to every unit that owes a report, if a reminder is due by now; to its signer if only he is waited for.

    ``written_to``: units that had a mail today; it is left at that. What was missed while nothing ran is not made up
    for: only the newest reminder counts, and none that the letter which opened the month has told already.
    """
    days = _newest(run, month)
    if days is None or run.as_of > month.freeze_at:
        return
    for unit in month.owing_at(run.as_of):
        at = replace(month, due_at=month.due_of(unit))
        if unit.is_unsigned_at(run.as_of):
            if signer_of(unit.unit_code) not in written_to:
                yield _to_signer(run, at, unit, days, enquiries)
        elif unit.unit_code not in written_to:
            yield _letter(run, at, unit, days, enquiries)


def _newest(run: Run, month: OpenMonth) -> int | None:
    """The last reminder whose day has come; null: none, or it would say what is no longer so."""
    today = run.as_of.astimezone(month.due_at.tzinfo).date()
    come = [
        days
        for days in sorted(month.rule.reminder_days)
        if days <= month.plan.due.freeze_working_days
        and month.opened_at.date() < working_day(month.plan, month.period, days) <= today
    ]
    if not come or (run.as_of > month.due_at and come[-1] <= 0):
        return None
    return come[-1]


def _letter(run: Run, month: OpenMonth, unit: UnitMonth, days: int, enquiries: str) -> Addressed:
    said, plan_id, path = run.wording.reminder, month.plan.plan_id, month.workbook(run, unit.unit_code)
    words = month.words | {
        "unit_name": unit_name(run, plan_id, unit.unit_code),
        "name": path.name,
        "when": _when(run, month, said),
        "state": said.state_rejected if unit.rejected_at else said.state_missing,
        "how_to_send": run.wording.common.how_to_send,
        "enquiries": enquiries,
    }
    letter = Letter(fill(said.opening, words), fill(said.closing, words), workbook=path.as_posix())
    identity = ("reminder", plan_id, str(month.period), unit.unit_code, str(days))
    subject = fill(said.subject, words)
    return Addressed("reminder", plan_id, unit.unit_code, str(month.period), subject, identity, letter)


def _to_signer(run: Run, month: OpenMonth, unit: UnitMonth, days: int, enquiries: str) -> Addressed:
    said, plan_id, code = run.wording.reminder, month.plan.plan_id, signer_of(unit.unit_code)
    words = month.words | {
        "unit_name": unit_name(run, plan_id, unit.unit_code),
        "when": _when(run, month, said),
        "state": said.state_unsigned,
        "enquiries": enquiries,
    }
    letter = Letter(fill(said.opening, words), fill(said.closing_unsigned, words))
    identity = ("reminder", plan_id, str(month.period), code, str(days))
    return Addressed("reminder", plan_id, code, str(month.period), fill(said.subject, words), identity, letter)


def _when(run: Run, month: OpenMonth, said: ReminderWords) -> str:
    """How far it is to the due hour, at the moment of the run."""
    today = run.as_of.astimezone(month.due_at.tzinfo).date()
    if run.as_of > month.due_at:
        return said.when_after
    if today == month.due_day:
        return fill(said.when_today, month.words)
    return fill(said.when_before, {"count": working_days_between(month.plan, today, month.due_day)})
