"""Random years of two indicators' units, and what ought to be known of them at any moment.

One of the units is merged away after March: its successor goes on from what it reported, and may send its months.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from examples.filling import handed_out
from minsheng.core.period import Period
from minsheng.plan.calendar import due_at
from minsheng.plan.models import Plan
from minsheng.template.month import month_forms
from tests.workbooks import as_bytes, cell, lushan, sign

ZONE = ZoneInfo("Asia/Shanghai")
MONTHS = tuple(Period(2022, month) for month in range(1, 6))
FLOW = "M03-01"  # 县城管局 leads this one and nothing else
RATES = ("M10-02", "M10-03", "M10-04")  # 县政务大数据中心 leads these, and a level
LEVEL = "M10-01"
USERS = 787109  # the denominator the plan fixes for M10-02

ENDS = date(2022, 3, 31)  # of 县城管局; SZJ is its successor

Kind = Literal["report", "wild", "faulty", "again"]
Values = dict[str, tuple[Decimal, ...]]


@cache
def plan() -> Plan:
    """The county's plan, with the merger in it."""
    old = lushan().unit("CGJ")
    ended = old.model_copy(update={"valid_to": ENDS, "successor": "SZJ"})
    heir = {
        "code": "SZJ",
        "name": "县市政局",
        "full_name": "鲁山县市政局",
        "valid_from": ENDS + timedelta(1),
        "aliases": (),
    }
    units = (*(unit for unit in lushan().units if unit != old), ended, old.model_copy(update=heir))
    return lushan().model_copy(update={"units": units, "sha256": "merged"})


@dataclass(frozen=True)
class Step:
    """One file arriving: from whom, for which unit, when, what it says, and the verdict it must get."""

    sender: str
    unit: str
    period: Period
    moment: datetime
    file_name: str
    content: bytes
    values: Values
    verdict: str
    reason: str | None = None


@dataclass
class Known:
    """What has been accepted, version by version; equal values in a row are one version."""

    versions: dict[tuple[str, str], list[tuple[tuple[Decimal, ...], datetime]]] = field(default_factory=dict)
    sent: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def learn(self, step: Step) -> None:
        """Take in a step that is accepted."""
        self.sent[step.unit, str(step.period)] = step.content
        for code, value in step.values.items():
            held = self.versions.setdefault((str(step.period), code), [])
            if not held or held[-1][0] != value:
                held.append((value, step.moment))

    def current(self, period: Period, code: str) -> tuple[Decimal, ...] | None:
        """The value in force."""
        held = self.versions.get((str(period), code))
        return held[-1][0] if held else None


def history(seed: int, length: int) -> Iterator[Step]:
    """Files in the order of their arrival; the reference is told of each as it is drawn."""
    draw, known = random.Random(seed), Known()
    moment = datetime(2022, 3, 1, 9, tzinfo=ZONE)
    for number in range(length):
        moment += timedelta(hours=draw.choice((3, 90, 200, 400)))
        step = _step(draw, known, moment, number)
        if step.verdict == "accepted":
            known.learn(step)
        yield step


def _step(draw: random.Random, known: Known, moment: datetime, number: int) -> Step:
    code = draw.choice((FLOW, FLOW, LEVEL))
    period = draw.choice([month for month in MONTHS if month.first_day.month < moment.month])
    unit = "ZWDSJ" if code == LEVEL else "CGJ" if period.last_day <= ENDS else "SZJ"
    sender = draw.choice(("CGJ", "SZJ")) if unit == "CGJ" and moment.date() > ENDS else unit
    key = (unit, str(period))
    kind: Kind = draw.choice(("report", "report", "wild", "wild", "faulty", "again"))
    if kind == "again" and key in known.sent:
        return Step(sender, unit, period, moment, f"再报{number}.xlsx", known.sent[key], {}, "duplicate")
    is_late = moment > due_at(plan(), period)
    is_marked = (key in known.sent and is_late) or (kind == "wild" and draw.random() < 0.5)
    values = _levels(draw, known, period) if code == LEVEL else _flow(draw, known, period, is_wild=kind == "wild")
    content = _workbook(unit, period, values, f"第{number}次核实" if is_marked else None, is_faulty=kind == "faulty")
    follows = code == LEVEL or _may_be_accepted(known, period, *values[FLOW], is_marked=is_marked, is_late=is_late)
    verdict = "accepted" if follows and kind != "faulty" else "rejected"
    reason = f"第{number}次核实" if is_marked else None
    return Step(sender, unit, period, moment, f"报表{number}.xlsx", content, values, verdict, reason)


def _flow(draw: random.Random, known: Known, period: Period, *, is_wild: bool) -> Values:
    """Month and cumulative value that fit between the months before and after; wild ones fit here and there, or not."""
    before = _neighbour(known, FLOW, reversed([month for month in MONTHS if month < period]))
    after = _neighbour(known, FLOW, [month for month in MONTHS if month > period])
    floor = before[1] if before else Decimal(0)
    most = int(after[1] - floor) if after else 400
    month = Decimal(draw.randint(min(2, most), max(most, 0)))
    if not is_wild:
        return {FLOW: (month, floor + month)}
    month += draw.choice((0, 0, 30, -400))
    total = draw.choice((floor + month, floor + month, floor + month + 50, month - 1, Decimal(500)))
    return {FLOW: (month, max(total, Decimal(2)))}


def _may_be_accepted(
    known: Known, period: Period, month: Decimal, total: Decimal, *, is_marked: bool, is_late: bool
) -> bool:
    """The rules of history, told from the list of bad inputs and not from the SQL."""
    own = known.current(period, FLOW)
    before = [other for other in MONTHS if other < period and known.current(other, FLOW)]
    is_changed = own is not None and own != (month, total)
    if month > total or (month < 0 and not (is_marked and before)):
        return False
    if is_changed and is_late and not is_marked:
        return False
    if not follows(known, before[-1] if before else None, period, month, total):
        return False
    after = [other for other in MONTHS if other > period and known.current(other, FLOW)]
    says_something_new = own is None or (is_changed and not is_marked)
    if not (after and says_something_new):
        return True
    next_month, next_total = _of(known, after[0])
    return total + next_month == next_total if after[0] == period.next else total + next_month <= next_total


def follows(known: Known, before: Period | None, period: Period, month: Decimal, total: Decimal) -> bool:
    """Whether a month goes on from the last one reported before it; January from nothing."""
    if before is None:
        return total == month or period != MONTHS[0]
    last = _of(known, before)[1]
    return total == last + month if before.next == period else total >= last + month


def broken(known: Known) -> dict[str, str]:
    """The months whose figure in force no longer goes on from the one before, and from which."""
    reported = [month for month in MONTHS if known.current(month, FLOW)]
    return {
        str(month): str(before)
        for before, month in pairwise(reported)
        if not follows(known, before, month, *_of(known, month))
    }


def _of(known: Known, period: Period) -> tuple[Decimal, Decimal]:
    month, total = known.current(period, FLOW) or (Decimal(0), Decimal(0))
    return month, total


def _levels(draw: random.Random, known: Known, period: Period) -> Values:
    before = _neighbour(known, LEVEL, reversed([month for month in MONTHS if month < period]))
    after = _neighbour(known, LEVEL, [month for month in MONTHS if month > period])
    lowest, highest = int(before[0]) if before else 0, int(after[0]) if after else 220
    values: Values = {LEVEL: (Decimal(draw.randint(lowest, max(lowest, highest))),)}
    for code in RATES:
        whole = USERS if code == "M10-02" else draw.randint(100, 320)
        values[code] = (Decimal(draw.randint(whole // 2, whole)), Decimal(whole))
    return values


def _neighbour(known: Known, code: str, months: Iterator[Period] | list[Period]) -> tuple[Decimal, ...] | None:
    return next((value for month in months if (value := known.current(month, code))), None)


def _workbook(unit: str, period: Period, values: Values, reason: str | None, *, is_faulty: bool) -> bytes:
    workbook = handed_out(month_forms(plan(), str(period)), unit)
    for code, numbers in values.items():
        headings = {FLOW: ("本月数", "累计数"), LEVEL: ("累计数",)}.get(code, ("分子", "分母"))
        for heading, number in zip(headings, numbers, strict=True):
            cell(workbook, code, heading).value = int(number)
        if values[code][0] == 0:
            cell(workbook, code, "零报送").value = "是"
        if reason:
            cell(workbook, code, "更正").value = "是"
            cell(workbook, code, "更正原因").value = reason
    if is_faulty:
        code, heading = (RATES[0], "分子") if unit == "ZWDSJ" else (FLOW, "累计数")
        cell(workbook, code, heading).value = "约300"
    sign(workbook)
    return as_bytes(workbook)
