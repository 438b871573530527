"""The example county, run once for all tests that look at what came out."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest
import yaml

from minsheng.core.declarations import ROOT
from minsheng.core.home import Home
from minsheng.core.outcome import StageResult
from minsheng.core.period import Period
from minsheng.flows.pipeline import run_stages
from minsheng.mail.contacts import load_contacts
from minsheng.plan.county import as_county
from minsheng.plan.loader import load_plan
from minsheng.plan.models import Plan
from minsheng.plan.run import Run
from tests.sharing import made_once

PLAN = ROOT / "plans" / "lushan-2022"
EXAMPLES = ROOT / "examples" / "lushan-2022"
CONTACTS = ROOT / "examples" / "contacts.yaml"
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Delivery:
    """What units left in the inbox by one moment."""

    folder: Path

    @property
    def received_at(self) -> datetime:
        return datetime.strptime(self.folder.name, "%Y-%m-%dT%H%M").replace(tzinfo=ZONE)

    @property
    def period(self) -> Period:
        """The month that is being reported in these days: the one before."""
        month = self.received_at.month - 1
        return Period(self.received_at.year, month)


def deliveries() -> list[Delivery]:
    return [Delivery(folder) for folder in sorted(EXAMPLES.iterdir()) if folder.is_dir()]


def run_delivery(home: Home, plan: Plan, delivery: Delivery, inbox: Path | None = None) -> list[StageResult]:
    run = Run(home, as_county([plan]), delivery.received_at, f"test-{delivery.folder.name}")
    contacts = load_contacts(CONTACTS)
    return list(run_stages(run, delivery.period, inbox or delivery.folder, contacts))


def query(home: Home, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(home.current.resolve() / "marts.duckdb", read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture(scope="session")
def plan() -> Plan:
    return load_plan(PLAN)


@pytest.fixture(scope="session")
def expected() -> list[dict[str, str]]:
    rows: list[dict[str, str]] = yaml.safe_load((EXAMPLES / "expected.yaml").read_text(encoding="utf-8"))
    return rows


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory, plan: Plan) -> Home:
    """A home in which all example deliveries have been run in order."""
    return made_once(tmp_path_factory, "half-a-year", partial(_half_a_year, plan))


def _half_a_year(plan: Plan, folder: Path) -> Home:
    home = Home(folder / "lushan")
    for delivery in deliveries():
        run_delivery(home, plan, delivery)
    return home
