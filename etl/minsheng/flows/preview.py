"""A letter as it would look, with example figures: nothing is asked of a home, and nothing is written into one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import PurePosixPath
from typing import get_args

from minsheng.core.clock import ZONE
from minsheng.core.codes import MailKind
from minsheng.core.errors import UserError
from minsheng.core.period import Period
from minsheng.landing import Receipt
from minsheng.landing.decisions import Decision
from minsheng.landing.reviews import Doubt
from minsheng.mail.answer import Answer, Answered, answer_text, subject
from minsheng.mail.bulletins import BulletinToSend, bulletins
from minsheng.mail.contacts import Contacts, superior_of
from minsheng.mail.extensions import extensions, reopenings
from minsheng.mail.feedback import FeedbackSheet, Figure, feedback
from minsheng.mail.letters import Addressed, html_of, text_of
from minsheng.mail.message import Mail
from minsheng.mail.months import OpenMonth, opened_months
from minsheng.mail.notices import Excess, excess_letter
from minsheng.mail.opening import openings
from minsheng.mail.overdue import escalations, late_lists
from minsheng.mail.page import answer_html
from minsheng.mail.questions import question_letter
from minsheng.mail.reminders import reminders
from minsheng.mail.renewed import RenewedForm, renewed_form
from minsheng.mail.reversals import reversals
from minsheng.mail.senders import thread_of, to_data_team, unit_name
from minsheng.mail.signing import signing_request
from minsheng.mail.strangers import stranger_letter
from minsheng.plan.calendar import due_at, freeze_at, working_day
from minsheng.plan.indicators import Indicator
from minsheng.plan.models import LetterRule
from minsheng.plan.run import Run
from minsheng.validation.findings import Finding
from minsheng.warehouse.connection import Connection, append, open_warehouse
from minsheng.warehouse.plan_rows import open_rows, write_plan
from minsheng.warehouse.signing import Unsigned
from minsheng.words import display
from minsheng.words.letters import fill

# What is looked at: the kinds of mails, and of notices each by itself.
KINDS: tuple[str, ...] = (*get_args(MailKind), "extension", "reopening", "reversal")
_FAULTS = (
    Finding(
        "C12",
        "reject",
        "填报",
        "F6",
        "约300",
        "“约300”是大约的数。",
        "请填写准确数字。",
        "",
        "窨井设施维护改造数 · 本月数",
    ),
    Finding(
        "R06",
        "reject",
        "填报",
        "D6",
        "2000",
        "年度目标应为 2032。",
        "请改回 2032。",
        "",
        "窨井设施维护改造数 · 年度目标",
    ),
)
_DOUBT = (Finding("F30", "warn", None, None, None, "截止时间之后报送，按迟报登记。", "请今后在截止时间前报送。"),)
# Whatever a plan wants: a letter that is turned off can be looked at, too.
_A_MONTH = timedelta(days=30)
_RULE = LetterRule(reminder_days=(0,), escalation_days=1, bulletin=True)
_DOCUMENT = "鲁民实办〔2022〕9号"
_FILE, _MARKED_UP = "{unit_name}{month}报表.xlsx", "报表（退回）.xlsx"


@dataclass(frozen=True)
class _Stage:
    """The month and the unit that a letter is made up for."""

    run: Run
    connection: Connection
    month: OpenMonth
    unit_code: str
    contacts: Contacts
    enquiries: str

    @property
    def name(self) -> str:
        return unit_name(self.run, self.month.plan.plan_id, self.unit_code)

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """Those the unit leads; for one that leads none, the first of the plan."""
        led = tuple(each for each in self.month.plan.indicators if each.lead_unit == self.unit_code)
        return led or self.month.plan.indicators[:1]


def preview(run: Run, kind: str, period: Period, unit_code: str | None, contacts: Contacts | None) -> Mail:
    """One mail of a kind to a unit (null: the first that leads an indicator), or to the office it goes to.

    Raises UserError for a unit that has nothing to do with the month.
    """
    plan = run.county.require_plan_of(period)
    code = unit_code or plan.indicators[0].lead_unit
    with _opened(run, period) as connection:
        at = replace(run, as_of=_moment(run, kind, period))
        month = next(month for month in opened_months(connection, at) if month.period == period)
        if code not in {unit.unit_code for unit in month.units}:
            raise UserError("nothing_owed", code, period=period)
        month = replace(month, plan=plan.model_copy(update={"letters": _RULE, "changes": ()}))
        known = contacts or Contacts.model_validate({"data_team": "data-team@county.example"})
        here = (known.data_team,)
        offices = {"superiors": {code: here}, "supervision_office": here, "leaders": here}
        stage = _Stage(
            at, connection, month, code, known.model_copy(update=offices), run.wording.enquiries(known.telephone)
        )
        return _answer(stage, kind) if kind in _ANSWERS else _mail(stage, _LETTERS[kind](stage))


def _moment(run: Run, kind: str, period: Period) -> datetime:
    plan = run.county.require_plan_of(period)
    due = due_at(plan, period)
    if kind in ("feedback", "bulletin"):
        return freeze_at(plan, period) + timedelta(days=1)
    if kind == "late_list":
        return due + timedelta(minutes=1)
    day = working_day(plan, period, 1) if kind == "escalation" else due.date()
    return datetime.combine(day, time(9), ZONE)


@contextmanager
def _opened(run: Run, period: Period) -> Iterator[Connection]:
    """A warehouse in memory in which the month is open, and of the month before each indicator has a figure."""
    plan = run.county.require_plan_of(period)
    with open_warehouse(None) as connection:
        write_plan(connection, plan)
        open_rows(connection, plan, period, datetime.combine(period.next.first_day, time(8), ZONE))
        keys = {"plan_id": plan.plan_id, "period": str(period.previous)}
        rows = (keys | {"indicator_code": each.code} | _example(each) for each in plan.indicators)
        append(connection, "star.fct_indicator_report", rows)
        yield connection


def _example(indicator: Indicator) -> dict[str, Decimal]:
    """Figures that are always the same for an indicator."""
    number = Decimal(100 + sum(map(ord, indicator.code)) % 900)
    if indicator.kind in ("ratio", "coverage"):
        return {"numerator": number - 40, "denominator": number}
    return {"cumulative_value": number}


def _to(unit_code: str, letters: Iterable[Addressed]) -> Addressed:
    return next(letter for letter in letters if letter.unit_code == unit_code)


def _opening(stage: _Stage) -> Addressed:
    return _to(stage.unit_code, openings(stage.connection, stage.run, stage.month, stage.enquiries))


def _reminder(stage: _Stage) -> Addressed:
    earlier = replace(stage.month, opened_at=stage.month.due_at - timedelta(days=30))
    return _to(stage.unit_code, reminders(stage.run, earlier, (), stage.enquiries))


def _escalation(stage: _Stage) -> Addressed:
    return _to(superior_of(stage.unit_code), escalations(stage.run, stage.month, stage.contacts, stage.enquiries))


def _late_list(stage: _Stage) -> Addressed:
    return next(iter(late_lists(stage.run, stage.month, stage.contacts)))


def _feedback(stage: _Stage) -> Addressed:
    said = stage.run.wording.feedback
    figures = tuple(
        Figure(
            indicator.name, f"520 {indicator.unit_of_measure}", f"400 {indicator.unit_of_measure}", "2,032", "25.6%",
            "黄", "滞后", fill(said.trend_up, {"difference": 120}), "",
        )
        for indicator in stage.indicators
        if indicator.unit_of_measure != "%"
    )  # fmt: skip
    period = stage.month.period.next
    following = {
        "next_month": display.month_name(str(period)),
        "next_due": display.moment_in_words(stage.month.due_at + _A_MONTH),
    }
    sheet = FeedbackSheet(
        stage.name,
        str(stage.month.words["month"]),
        said.report_on_time,
        figures,
        fill(said.ranked, {"rank": 3, "count": 12}),
        fill(said.next, following),
    )
    return feedback(stage.run, stage.month, stage.unit_code, sheet, "reports/反馈单.xlsx", stage.enquiries)


def _bulletin(stage: _Stage) -> Addressed:
    issue = BulletinToSend(1, stage.run.as_of, "张主任", ())
    return next(iter(bulletins(stage.run, stage.month, issue, stage.contacts, stage.enquiries)))


def _form(stage: _Stage) -> Addressed:
    workbook = stage.month.workbook(stage.run, stage.unit_code)
    different = ("年度目标由 2,000 改为 2,032", "上月累计由 400 改为 520")
    form = RenewedForm(
        stage.month.plan.plan_id, str(stage.month.period), stage.unit_code, PurePosixPath(workbook), different, ()
    )
    return renewed_form(stage.run, form, stage.enquiries)


def _notice(stage: _Stage) -> Addressed:
    indicator = stage.indicators[0]
    excess = Excess(
        stage.month.plan.plan_id, str(stage.month.period), indicator.code, indicator.name, stage.unit_code, "",
        Decimal(500), 3, Decimal(520),
    )  # fmt: skip
    return excess_letter(stage.run, excess)


def _stranger(stage: _Stage) -> Addressed:
    return stranger_letter(stage.run, "zhang@mail.example")


def _question(stage: _Stage) -> Addressed:
    indicator = stage.indicators[0]
    doubt = Doubt(
        stage.month.plan.plan_id, str(stage.month.period), stage.unit_code, "H04", f"{indicator.name} · 本月数",
        "本月数 1,200 占年度目标 2,032 的 59%，超过 50%，请确认没有多填。", "集中开工",
    )  # fmt: skip
    return question_letter(stage.run, doubt, "在哪几条街道，何时完工？", stage.enquiries)


def _signing(stage: _Stage) -> Addressed:
    plan_id, period = stage.month.plan.plan_id, str(stage.month.period)
    report = Unsigned("example", plan_id, period, stage.unit_code, _file_name(stage), stage.run.as_of)
    return signing_request(stage.run, report, [_figures(stage, "")], stage.enquiries)


def _extension(stage: _Stage) -> Addressed:
    until = stage.month.due_at + timedelta(days=2)
    _decide(stage, Decision("extended", stage.run.as_of, "张三", "汛期", _DOCUMENT, until_at=until))
    month = next(each for each in opened_months(stage.connection, stage.run) if each.period == stage.month.period)
    return _to(stage.unit_code, extensions(stage.connection, stage.run, month))


def _reopening(stage: _Stage) -> Addressed:
    until, code = stage.run.as_of + timedelta(days=7), stage.indicators[0].code
    decided = Decision("reopened", stage.run.as_of, "张三", "核实多报", _DOCUMENT, until_at=until, indicator_code=code)
    _decide(stage, decided)
    return _to(stage.unit_code, reopenings(stage.connection, stage.run, stage.month))


def _decide(stage: _Stage, decision: Decision) -> None:
    keys = {"plan_id": stage.month.plan.plan_id, "decision_no": 1}
    about = {"period": str(stage.month.period), "unit_code": stage.unit_code}
    append(stage.connection, "raw.decision", [vars(decision) | keys | about])


def _reversal(stage: _Stage) -> Addressed:
    receipt = Receipt("example", stage.month.plan.plan_id, stage.unit_code, _file_name(stage), "", 0, stage.run.as_of)
    return next(iter(reversals(stage.run, [(receipt, str(stage.month.period))])))


def _file_name(stage: _Stage) -> str:
    return _FILE.format(unit_name=stage.name, month=stage.month.words["month"])


def _figures(stage: _Stage, standing: str) -> str:
    words = {"indicator_name": stage.indicators[0].name, "figures": "本月数 120、累计数 520", "standing": standing}
    return fill(stage.run.wording.answer.line, words)


_LETTERS: Mapping[str, Callable[[_Stage], Addressed]] = {
    "opening": _opening,
    "reminder": _reminder,
    "escalation": _escalation,
    "late_list": _late_list,
    "feedback": _feedback,
    "bulletin": _bulletin,
    "form": _form,
    "notice": _notice,
    "stranger": _stranger,
    "question": _question,
    "signing": _signing,
    "extension": _extension,
    "reopening": _reopening,
    "reversal": _reversal,
}


def _receipt(stage: _Stage, file: Answered) -> Answered:
    said = stage.run.wording.answer
    standing = fill(said.standing, {"ratio": "25.6%", "light": "黄", "status": "滞后"})
    return replace(file, verdict="accepted", findings=_DOUBT, figures=(_figures(stage, standing),))


def _rejection(_: _Stage, file: Answered) -> Answered:
    return replace(file, verdict="rejected", findings=_FAULTS, marked_up=_MARKED_UP)


def _duplicate(_: _Stage, file: Answered) -> Answered:
    return replace(file, verdict="duplicate")


_ANSWERS: Mapping[str, Callable[[_Stage, Answered], Answered]] = {
    "receipt": _receipt,
    "rejection": _rejection,
    "duplicate": _duplicate,
}


def _answer(stage: _Stage, kind: str) -> Mail:
    file = Answered(str(stage.month.period), _file_name(stage), stage.run.as_of, "accepted")
    answer = Answer(stage.name, (_ANSWERS[kind](stage, file),), stage.run.wording.answer)
    return _composed(stage, stage.unit_code, kind, subject(answer), answer_text(answer), answer_html(answer))


def _mail(stage: _Stage, one: Addressed) -> Mail:
    name = unit_name(stage.run, one.plan_id, one.unit_code)
    text, html = text_of(name, [one.letter]), html_of(name, [one.letter])
    return _composed(stage, one.unit_code, one.kind, one.subject, text, html)


def _composed(stage: _Stage, code: str, kind: str, title: str, text: str, html: str) -> Mail:
    plan_id = stage.month.plan.plan_id
    return Mail(
        f"preview-{kind}",
        code,
        to_data_team(stage.run, plan_id, code),
        title,
        text,
        html,
        stage.run.as_of,
        f"{stage.run.county.title}民生实事数据组",
        thread=thread_of(stage.run, plan_id, code, str(stage.month.period)),
    )
