"""The letter that opens a month for a unit: its form, by when, where to, and what it reported last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from minsheng.core.declarations import RULES
from minsheng.core.period import Period
from minsheng.mail.letters import Addressed, Letter
from minsheng.mail.months import OpenMonth
from minsheng.mail.receipts import figures
from minsheng.mail.senders import unit_name
from minsheng.plan.calendar import due_at
from minsheng.plan.run import Run
from minsheng.validation.rules import load_rules
from minsheng.warehouse.connection import Connection, rows_of
from minsheng.words import display
from minsheng.words.filling import fill
from minsheng.words.letter_words import OpeningWords

_LAST = """
    select reported.indicator_code, version.indicator_name, reported.cumulative_value, reported.numerator,
        reported.denominator
    from star.fct_indicator_report as reported
    inner join raw.indicator as version
        on reported.plan_id = version.plan_id and reported.indicator_code = version.indicator_code
    where reported.plan_id = ? and reported.period = ? and reported.known_to is null
    order by reported.indicator_code
"""


def openings(connection: Connection, run: Run, month: OpenMonth, enquiries: str) -> Iterator[Addressed]:
    """A letter to every unit that has a form, while the month can still be reported in time.

    A month that is opened when it was long due is told to nobody: it is opened for the record.
    """
    if not month.rule.opening or run.as_of >= month.due_at:
        return
    last = _last_figures(connection, month)
    for unit in month.units:
        yield _letter(run, month, unit.unit_code, last.get(unit.unit_code, ()), enquiries)


def _last_figures(connection: Connection, month: OpenMonth) -> dict[str, tuple[dict[str, object], ...]]:
    """What was accepted for the month before, by the unit that leads the indicator now."""
    before = month.period.previous
    leads = {indicator.code: indicator.lead_unit for indicator in month.plan.at(str(month.period)).indicators}
    found: dict[str, tuple[dict[str, object], ...]] = {}
    for row in rows_of(connection, _LAST, [month.plan.plan_id, str(before)]):
        lead = leads.get(row["indicator_code"], "")
        found[lead] = (*found.get(lead, ()), row)
    return found


def _letter(
    run: Run, month: OpenMonth, unit_code: str, last: tuple[dict[str, object], ...], enquiries: str
) -> Addressed:
    said, plan_id, path = run.wording.opening, month.plan.plan_id, month.workbook(run, unit_code)
    words = month.words | {
        "unit_name": unit_name(run, plan_id, unit_code),
        "name": path.name,
        "moved": _moved(month, said),
        "how_to_send": run.wording.common.how_to_send,
        "enquiries": enquiries,
        "last_month": display.month_name(str(month.period.previous)),
        "rules": _new_rules(month, said),
    }
    points = tuple(fill(said.line, words | row | {"figures": figures(row)}) for row in last)
    letter = Letter(
        fill(said.opening, words).rstrip(),
        fill(said.closing, words),
        fill(said.heading, words),
        points,
        path.as_posix(),
    )
    subject, period = fill(said.subject, words), str(month.period)
    return Addressed("opening", plan_id, unit_code, period, subject, ("opening", plan_id, period, unit_code), letter)


def announcements(begin: Iterable[tuple[str, str]], period: Period) -> list[str]:
    """What of these begins with a month or the one after it, January left out; each with its month."""
    months = {str(one) for one in (period, period.next) if one.month > 1}
    return [f"自{display.month_name(first)}报表起，{words}" for first, words in begin if first in months]


def _new_rules(month: OpenMonth, said: OpeningWords) -> str:
    """The rules that begin with this month or the next, in their own words; those of all the year begin nothing."""
    begin = [(rule.valid_from or "", rule.announcement or rule.title) for rule in load_rules(RULES).rules]
    told = announcements(begin, month.period)
    return fill(said.new_rules, {"rules": "；".join(told) + "。"}) if told else ""


def _moved(month: OpenMonth, said: OpeningWords) -> str:
    """Why the due day is not the one of other months, or is a weekend; of a decision tells a letter of its own."""
    if month.due_at != due_at(month.plan, month.period):
        return ""
    nominal = month.period.next.first_day.replace(day=month.plan.due.day)
    if nominal != month.due_day:
        return fill(said.moved, {"nominal": display.day_in_words(nominal)})
    return said.worked if month.due_day.isoweekday() > 5 else ""
