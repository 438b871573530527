"""A letter as it would look, with example figures: nothing is asked of a home, and nothing is written into one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import get_args

from minsheng.core.clock import ZONE
from minsheng.core.codes import MailKind
from minsheng.core.errors import UserError
from minsheng.core.period import Period
from minsheng.flows.preview.answers import ANSWERS, example_answer
from minsheng.flows.preview.letters import LETTERS
from minsheng.flows.preview.scene import Scene, opened
from minsheng.mail.answer import answer_text, subject
from minsheng.mail.contacts import Contacts
from minsheng.mail.letters import Addressed, html_of, text_of
from minsheng.mail.message import Mail
from minsheng.mail.months import opened_months
from minsheng.mail.page import answer_html
from minsheng.mail.senders import thread_of, to_data_team, unit_name
from minsheng.plan.calendar import due_at, freeze_at, working_day
from minsheng.plan.models import LetterRule
from minsheng.plan.run import Run

# What is looked at: the kinds of mails, and of notices each by itself.
KINDS: tuple[str, ...] = (*get_args(MailKind), "extension", "reopening", "reversal")
# Whatever a plan wants: a letter that is turned off can be looked at, too.
_RULE = LetterRule(reminder_days=(0,), escalation_days=1, bulletin=True)


def preview(run: Run, kind: str, period: Period, unit_code: str | None, contacts: Contacts | None) -> Mail:
    """One mail of a kind to a unit (null: the first that leads an indicator), or to the office it goes to.

    Raises UserError for a unit that has nothing to do with the month.
    """
    plan = run.county.require_plan_of(period)
    code = unit_code or plan.indicators[0].lead_unit
    with opened(run, period) as connection:
        at = replace(run, as_of=_moment(run, kind, period))
        month = next(month for month in opened_months(connection, at) if month.period == period)
        if code not in {unit.unit_code for unit in month.units}:
            raise UserError("nothing_owed", code, period=period)
        month = replace(month, plan=plan.model_copy(update={"letters": _RULE, "changes": ()}))
        known = contacts or Contacts.model_validate({"data_team": "data-team@county.example"})
        here = (known.data_team,)
        offices = {"superiors": {code: here}, "supervision_office": here, "leaders": here}
        scene = Scene(
            at, connection, month, code, known.model_copy(update=offices), run.wording.enquiries(known.telephone)
        )
        return _answer(scene, kind) if kind in ANSWERS else _mail(scene, LETTERS[kind](scene))


def _moment(run: Run, kind: str, period: Period) -> datetime:
    plan = run.county.require_plan_of(period)
    due = due_at(plan, period)
    if kind in ("feedback", "bulletin"):
        return freeze_at(plan, period) + timedelta(days=1)
    if kind == "late_list":
        return due + timedelta(minutes=1)
    day = working_day(plan, period, 1) if kind == "escalation" else due.date()
    return datetime.combine(day, time(9), ZONE)


def _answer(scene: Scene, kind: str) -> Mail:
    answer = example_answer(scene, kind)
    return _composed(scene, scene.unit_code, kind, subject(answer), answer_text(answer), answer_html(answer))


def _mail(scene: Scene, one: Addressed) -> Mail:
    name = unit_name(scene.run, one.plan_id, one.unit_code)
    text, html = text_of(name, [one.letter]), html_of(name, [one.letter])
    return _composed(scene, one.unit_code, one.kind, one.subject, text, html)


def _composed(scene: Scene, code: str, kind: str, title: str, text: str, html: str) -> Mail:
    plan_id = scene.month.plan.plan_id
    return Mail(
        f"preview-{kind}",
        code,
        to_data_team(scene.run, plan_id, code),
        title,
        text,
        html,
        scene.run.as_of,
        f"{scene.run.county.title}民生实事数据组",
        thread=thread_of(scene.run, plan_id, code, str(scene.month.period)),
    )
