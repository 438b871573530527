"""What others are told of units that owe a report: lists at the due hour and the freeze, and escalation in between.

Each says how things stood at a moment, however late it is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from minsheng.mail.contacts import DATA_TEAM, SUPERVISION_OFFICE, Contacts, superior_of
from minsheng.mail.letters import Addressed, Letter
from minsheng.mail.months import OpenMonth, UnitMonth
from minsheng.mail.senders import unit_name
from minsheng.plan.calendar import working_days_between
from minsheng.plan.obligations import obligations
from minsheng.plan.run import Run
from minsheng.words import display
from minsheng.words.filling import fill
from minsheng.words.letter_words import EscalationWords, LateListWords

# In a subject line no more units are named.
_NAMED = 2
# In a line of a list no more indicators.
_OWED = 3


def late_lists(run: Run, month: OpenMonth, contacts: Contacts) -> Iterator[Addressed]:
    """To the data team and the supervision office, after the due hour and after the freeze; the newest only."""
    is_frozen = run.as_of > month.freeze_at
    moment = month.freeze_at if is_frozen else month.due_at
    owing = month.owing_at(moment)
    if not month.rule.late_list or not owing or run.as_of <= moment or month.opened_at > moment:
        return
    said, plan_id, period = run.wording.late_list, month.plan.plan_id, str(month.period)
    words = month.words | {
        "when": said.when_frozen if is_frozen else said.when_due,
        "moment": display.moment_in_words(moment),
        "count_owed": len(month.required),
        "count_units": len(owing),
        "enquiries": "",
    }
    letter = _listing(said, words, _lines(run, month, owing, moment, said))
    for office in (DATA_TEAM, SUPERVISION_OFFICE):
        if contacts.knows(office):
            identity = ("late_list", plan_id, period, "freeze" if is_frozen else "due", office)
            yield Addressed("late_list", plan_id, office, period, fill(said.subject, words), identity, letter)


def escalations(run: Run, month: OpenMonth, contacts: Contacts, enquiries: str) -> Iterator[Addressed]:
    """So many working days after the due day of each: of a unit to its superior, of all to the supervision office.

    The office is told of each due hour by itself: units that were given longer come later, in a letter of their own.
    """
    days = month.rule.escalation_days
    if days is None or days > month.plan.due.freeze_working_days or run.as_of > month.freeze_at:
        return
    if month.opened_at > month.due_at:
        return
    today = run.as_of.astimezone(month.due_at.tzinfo).date()
    owing = [
        unit
        for unit in month.owing_at(run.as_of)
        if working_days_between(month.plan, month.due_of(unit).date(), today) >= days
    ]
    for unit in owing:
        if contacts.knows(superior_of(unit.unit_code)):
            yield _escalation(run, month, superior_of(unit.unit_code), [unit], enquiries)
    if contacts.knows(SUPERVISION_OFFICE):
        for due in sorted({month.due_of(unit) for unit in owing}):
            late = [unit for unit in owing if month.due_of(unit) == due]
            yield _escalation(run, month, SUPERVISION_OFFICE, late, enquiries)


def _escalation(run: Run, month: OpenMonth, office: str, units: Sequence[UnitMonth], enquiries: str) -> Addressed:
    said, plan_id, period = run.wording.escalation, month.plan.plan_id, str(month.period)
    names = [unit_name(run, plan_id, unit.unit_code) for unit in units]
    due = month.due_of(units[0])
    words = replace(month, due_at=due).words | {
        "count": month.rule.escalation_days,
        "count_units": len(units),
        "units": "、".join(names[:_NAMED]) + (f"等 {len(names)} 个单位" if len(names) > _NAMED else ""),
        "enquiries": enquiries,
    }
    letter = _listing(said, words, _lines(run, month, units, run.as_of, said))
    later = () if due == month.due_at else (due.isoformat(),)
    identity = ("escalation", plan_id, period, office, *later)
    return Addressed("escalation", plan_id, office, period, fill(said.subject, words), identity, letter)


def _lines(
    run: Run, month: OpenMonth, units: Sequence[UnitMonth], moment: datetime, said: LateListWords | EscalationWords
) -> tuple[str, ...]:
    """Each unit by name, whether anything had come from it, and what it owes."""
    owed = _owed(month)
    return tuple(
        fill(
            said.line,
            {
                "unit_name": unit_name(run, month.plan.plan_id, unit.unit_code),
                "state": _state(unit, moment, said),
                "owed": owed.get(unit.unit_code, ""),
            },
        )
        for unit in units
    )


def _state(unit: UnitMonth, moment: datetime, said: LateListWords | EscalationWords) -> str:
    if unit.is_unsigned_at(moment):
        return said.state_unsigned
    return said.state_rejected if unit.is_rejected_at(moment) else said.state_missing


def _owed(month: OpenMonth) -> dict[str, str]:
    """What each unit owes, by the names of indicators and items or, where there are many, the first of them."""
    items = month.plan.at(str(month.period)).items
    named = {item.code: item.name for item in items}
    named |= {indicator.code: indicator.name for item in items for indicator in item.indicators}
    owed: dict[str, list[str]] = {}
    for each in obligations(month.plan, month.period):
        if each.is_required:
            owed.setdefault(each.unit_code, []).append(named[each.indicator_code or each.item_code])
    return {
        code: "、".join(names[:_OWED]) + (f"等 {len(names)} 项" if len(names) > _OWED else "")
        for code, names in owed.items()
    }


def _listing(said: LateListWords | EscalationWords, words: dict[str, object], points: tuple[str, ...]) -> Letter:
    opening, closing, heading = (fill(each, words) for each in (said.opening, said.closing, said.heading))
    return Letter(opening, closing, heading, points)
