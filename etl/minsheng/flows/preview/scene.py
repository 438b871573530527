"""What letters are made up for: a month that is open in a warehouse in memory, a unit of it, and example figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal

from minsheng.core.clock import ZONE
from minsheng.core.period import Period
from minsheng.mail.contacts import Contacts
from minsheng.mail.months import OpenMonth
from minsheng.mail.senders import unit_name
from minsheng.plan.indicators import Indicator
from minsheng.plan.run import Run
from minsheng.warehouse.connection import Connection, append, open_warehouse
from minsheng.warehouse.plan_rows import open_rows, write_plan
from minsheng.words.filling import fill

_FILE = "{unit_name}{month}报表.xlsx"


@dataclass(frozen=True)
class Scene:
    """The month and the unit that a letter is made up for, and to whom and with which telephone it is written."""

    run: Run
    connection: Connection
    month: OpenMonth
    unit_code: str
    contacts: Contacts
    enquiries: str

    @property
    def name(self) -> str:
        """What the unit is called."""
        return unit_name(self.run, self.month.plan.plan_id, self.unit_code)

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """Those the unit leads; for one that leads none, the first of the plan."""
        led = tuple(each for each in self.month.plan.indicators if each.lead_unit == self.unit_code)
        return led or self.month.plan.indicators[:1]


@contextmanager
def opened(run: Run, period: Period) -> Iterator[Connection]:
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


def file_name(scene: Scene) -> str:
    """What the unit called its workbook."""
    return _FILE.format(unit_name=scene.name, month=scene.month.words["month"])


def figures_line(scene: Scene, standing: str) -> str:
    """The line of a receipt about an indicator, with what is said of how it stands."""
    words = {"indicator_name": scene.indicators[0].name, "figures": "本月数 120、累计数 520", "standing": standing}
    return fill(scene.run.wording.answer.line, words)
