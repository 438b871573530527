"""Random years of two units, and what ought to be known of them at any moment."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from minsheng.core.period import Period
from minsheng.plan.calendar import due_at
from tests.workbooks import as_bytes, blank, cell, lushan, sign

ZONE = ZoneInfo("Asia/Shanghai")
MONTHS = tuple(Period(2022, month) for month in range(1, 6))
FLOW = "M03-01"  # 县城管局 leads this one and nothing else
RATES = ("M10-02", "M10-03", "M10-04")  # 县政务大数据中心 leads these, and a level
LEVEL = "M10-01"
USERS = 787109  # the denominator the plan fixes for M10-02

Kind = Literal["report", "faulty", "again"]
Values = dict[str, tuple[Decimal, ...]]


@dataclass(frozen=True)
class Step:
    """One file arriving: from whom, when, what it says, and the verdict it must get."""

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
    moment = datetime(2022, 2, 1, 9, tzinfo=ZONE)
    for number in range(length):
        moment += timedelta(hours=draw.choice((3, 40, 130, 300)))
        step = _step(draw, known, moment, number)
        if step.verdict == "accepted":
            known.learn(step)
        yield step


def _step(draw: random.Random, known: Known, moment: datetime, number: int) -> Step:
    unit = draw.choice(("CGJ", "ZWDSJ"))
    period = draw.choice([month for month in MONTHS if month.first_day.month < moment.month])
    key = (unit, str(period))
    kind: Kind = draw.choice(("report", "report", "report", "faulty", "again"))
    if kind == "again" and key in known.sent:
        return Step(unit, period, moment, f"再报{number}.xlsx", known.sent[key], {}, "duplicate")
    is_correction = key in known.sent and moment > due_at(lushan(), period)
    reason = f"第{number}次核实" if is_correction else None
    values = _flow(draw, known, period) if unit == "CGJ" else _levels(draw, known, period)
    content = _workbook(unit, period, values, reason, is_faulty=kind == "faulty")
    verdict = "rejected" if kind == "faulty" else "accepted"
    return Step(unit, period, moment, f"报表{number}.xlsx", content, values, verdict, reason)


def _flow(draw: random.Random, known: Known, period: Period) -> Values:
    """Month and cumulative value that fit between the months before and after."""
    before = _neighbour(known, FLOW, reversed([month for month in MONTHS if month < period]))
    after = _neighbour(known, FLOW, [month for month in MONTHS if month > period])
    floor = before[1] if before else Decimal(0)
    most = int(after[1] - floor) if after else 400
    month = Decimal(draw.randint(min(1, most), max(most, 0)))
    return {FLOW: (month, floor + month)}


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
    workbook = blank(unit, str(period))
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
        code, heading = (FLOW, "累计数") if unit == "CGJ" else (RATES[0], "分子")
        cell(workbook, code, heading).value = "约300"
    sign(workbook)
    return as_bytes(workbook)
