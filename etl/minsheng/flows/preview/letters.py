"""Every kind of letter, and of notices each by itself, with example figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import PurePosixPath

from minsheng.flows.preview.scene import Scene, figures_line, file_name
from minsheng.landing import Receipt
from minsheng.landing.decisions import Decision
from minsheng.landing.reviews import Doubt
from minsheng.mail.bulletins import BulletinToSend, bulletins
from minsheng.mail.contacts import superior_of
from minsheng.mail.extensions import extensions, reopenings
from minsheng.mail.feedback import FeedbackSheet, Figure, feedback
from minsheng.mail.letters import Addressed
from minsheng.mail.months import opened_months
from minsheng.mail.notices import Excess, excess_letter
from minsheng.mail.opening import openings
from minsheng.mail.overdue import escalations, late_lists
from minsheng.mail.questions import question_letter
from minsheng.mail.reminders import reminders
from minsheng.mail.renewed import RenewedForm, renewed_form
from minsheng.mail.reversals import reversals
from minsheng.mail.signing import signing_request
from minsheng.mail.strangers import stranger_letter
from minsheng.warehouse.connection import append
from minsheng.warehouse.signing import Unsigned
from minsheng.words import display
from minsheng.words.filling import fill

_A_MONTH = timedelta(days=30)
_DOCUMENT = "鲁民实办〔2022〕9号"


def _to(unit_code: str, letters: Iterable[Addressed]) -> Addressed:
    return next(letter for letter in letters if letter.unit_code == unit_code)


def _opening(scene: Scene) -> Addressed:
    return _to(scene.unit_code, openings(scene.connection, scene.run, scene.month, scene.enquiries))


def _reminder(scene: Scene) -> Addressed:
    earlier = replace(scene.month, opened_at=scene.month.due_at - timedelta(days=30))
    return _to(scene.unit_code, reminders(scene.run, earlier, (), scene.enquiries))


def _escalation(scene: Scene) -> Addressed:
    return _to(superior_of(scene.unit_code), escalations(scene.run, scene.month, scene.contacts, scene.enquiries))


def _late_list(scene: Scene) -> Addressed:
    return next(iter(late_lists(scene.run, scene.month, scene.contacts)))


def _feedback(scene: Scene) -> Addressed:
    said = scene.run.wording.feedback
    figures = tuple(
        Figure(
            indicator.name, f"520 {indicator.unit_of_measure}", f"400 {indicator.unit_of_measure}", "2,032", "25.6%",
            "黄", "滞后", fill(said.trend_up, {"difference": 120}), "",
        )
        for indicator in scene.indicators
        if indicator.unit_of_measure != "%"
    )  # fmt: skip
    period = scene.month.period.next
    following = {
        "next_month": display.month_name(str(period)),
        "next_due": display.moment_in_words(scene.month.due_at + _A_MONTH),
    }
    sheet = FeedbackSheet(
        scene.name,
        str(scene.month.words["month"]),
        said.report_on_time,
        figures,
        fill(said.ranked, {"rank": 3, "count": 12}),
        fill(said.next, following),
    )
    return feedback(scene.run, scene.month, scene.unit_code, sheet, "reports/反馈单.xlsx", scene.enquiries)


def _bulletin(scene: Scene) -> Addressed:
    issue = BulletinToSend(1, scene.run.as_of, "张主任", ())
    return next(iter(bulletins(scene.run, scene.month, issue, scene.contacts, scene.enquiries)))


def _form(scene: Scene) -> Addressed:
    workbook = scene.month.workbook(scene.run, scene.unit_code)
    different = ("年度目标由 2,000 改为 2,032", "上月累计由 400 改为 520")
    form = RenewedForm(
        scene.month.plan.plan_id, str(scene.month.period), scene.unit_code, PurePosixPath(workbook), different, ()
    )
    return renewed_form(scene.run, form, scene.enquiries)


def _notice(scene: Scene) -> Addressed:
    indicator = scene.indicators[0]
    excess = Excess(
        scene.month.plan.plan_id, str(scene.month.period), indicator.code, indicator.name, scene.unit_code, "",
        Decimal(500), 3, Decimal(520),
    )  # fmt: skip
    return excess_letter(scene.run, excess)


def _stranger(scene: Scene) -> Addressed:
    return stranger_letter(scene.run, "zhang@mail.example")


def _question(scene: Scene) -> Addressed:
    indicator = scene.indicators[0]
    doubt = Doubt(
        scene.month.plan.plan_id, str(scene.month.period), scene.unit_code, "H04", f"{indicator.name} · 本月数",
        "本月数 1,200 占年度目标 2,032 的 59%，超过 50%，请确认没有多填。", "集中开工",
    )  # fmt: skip
    return question_letter(scene.run, doubt, "在哪几条街道，何时完工？", scene.enquiries)


def _signing(scene: Scene) -> Addressed:
    plan_id, period = scene.month.plan.plan_id, str(scene.month.period)
    report = Unsigned("example", plan_id, period, scene.unit_code, file_name(scene), scene.run.as_of)
    return signing_request(scene.run, report, [figures_line(scene, "")], scene.enquiries)


def _extension(scene: Scene) -> Addressed:
    until = scene.month.due_at + timedelta(days=2)
    _decide(scene, Decision("extended", scene.run.as_of, "张三", "汛期", _DOCUMENT, until_at=until))
    month = next(each for each in opened_months(scene.connection, scene.run) if each.period == scene.month.period)
    return _to(scene.unit_code, extensions(scene.connection, scene.run, month))


def _reopening(scene: Scene) -> Addressed:
    until, code = scene.run.as_of + timedelta(days=7), scene.indicators[0].code
    decided = Decision("reopened", scene.run.as_of, "张三", "核实多报", _DOCUMENT, until_at=until, indicator_code=code)
    _decide(scene, decided)
    return _to(scene.unit_code, reopenings(scene.connection, scene.run, scene.month))


def _decide(scene: Scene, decision: Decision) -> None:
    keys = {"plan_id": scene.month.plan.plan_id, "decision_no": 1}
    about = {"period": str(scene.month.period), "unit_code": scene.unit_code}
    append(scene.connection, "raw.decision", [vars(decision) | keys | about])


def _reversal(scene: Scene) -> Addressed:
    receipt = Receipt("example", scene.month.plan.plan_id, scene.unit_code, file_name(scene), "", 0, scene.run.as_of)
    return next(iter(reversals(scene.run, [(receipt, str(scene.month.period))])))


LETTERS: Mapping[str, Callable[[Scene], Addressed]] = {
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
