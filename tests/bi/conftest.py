"""A small publication, read in every way BI tools read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import make_url

from minsheng.core.declarations import ROOT
from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.plan.county import as_county
from minsheng.plan.loader import load_plan
from minsheng.plan.run import Run
from minsheng.publication.keys import is_dimension
from minsheng.stages.build import build
from minsheng.stages.copy import copy
from minsheng.stages.load import load
from minsheng.stages.publish import publish
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import open_warehouse
from tests.county import open_months
from tests.postgres import postgres_in
from tests.sharing import made_once

AT = datetime(2022, 2, 7, 17, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
# The column of each table that ``mark`` writes to: rows of one revision all bear one number.
MARKED = {
    "pub_indicator_completion_v1": "revision_no",
    "pub_submission_status_v1": "revision_count",
    "pub_unit_scorecard_v1": "revision_count",
}

FORMULA = '=HYPERLINK("http://example.com","请点击")'
A_FORMULA = f"""
    insert into published.pub_finding_v1 by name
    select 'lushan-2022' as plan_id, '2022-01' as period, 'RSJ' as unit_code, 's1' as submission_id,
        1 as finding_no, 'C10' as rule_code, 'reject' as severity, '{FORMULA}' as message
"""
A_RULE = "insert into published.dim_rule by name select 'C10' as rule_code, '规则' as rule_title, true as is_in_use"
A_RATE = """
    update published.pub_indicator_completion_v1
    set actual_value = 0.541, numerator = 541, denominator = 1000, completion_ratio = 0.9018, gap_pp = -5.9,
        accepted_at = timestamptz '2022-02-07 09:30:00+00', light = 'yellow', status_label = '滞后'
    where indicator_code = 'M04-03'
"""
A_CEILING = """
    update published.pub_indicator_completion_v1
    set polarity = 'lower_better'
    where indicator_code in ('M02-03', 'M04-01')
"""


@dataclass(frozen=True)
class Publisher:
    """Publishes a small warehouse as often as is asked, each time with another number in every row."""

    run: Run
    postgres_url: str | None = None

    @property
    def current(self) -> Path:
        return self.run.home.current

    def publish(self, number: int) -> str:
        """Mark every row with the number and publish; gives the revision's name."""
        mark(self.run.home, number)
        revision = publish(self.run).outcomes[0].input
        if self.postgres_url:
            copy(self.run.home, self.postgres_url)
        return revision

    def to(self, postgres_url: str) -> Publisher:
        return replace(self, postgres_url=postgres_url)

    def copied_to(self, folder: Path) -> Publisher:
        """The same state in a home of its own."""
        home = Home(shutil.copytree(self.run.home.root, folder, symlinks=True))
        return replace(self, run=replace(self.run, home=home))


def mark(home: Home, number: int) -> None:
    with open_warehouse(home.warehouse) as connection:
        for table, column in MARKED.items():
            connection.execute(f"update published.{table} set {column} = {number}")


def small_home(folder: Path) -> Run:
    """A home in which one month is open and nobody has reported."""
    run = Run(Home(folder / "home"), as_county([load_plan(ROOT / "plans" / "lushan-2022")]), AT, "bi")
    open_months(run, Period(2022, 1))
    load(run)
    build(run)
    return run


def shrink(home: Home) -> None:
    """Leave three rows in each published table but the dimensions, to which they lead."""
    with open_warehouse(home.warehouse) as connection:
        for model in sqlfiles.models("published"):
            if not is_dimension(model):
                connection.execute(f"delete from {model.full_name} where rowid >= 3")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Publisher:
    """A small warehouse from which nothing has been published; to be copied."""
    return made_once(tmp_path_factory, "built", lambda folder: Publisher(small_home(folder)))


@pytest.fixture
def publisher(built: Publisher, tmp_path: Path) -> Publisher:
    return built.copied_to(tmp_path / "home")


@pytest.fixture(scope="session")
def published(built: Publisher, tmp_path_factory: pytest.TempPathFactory) -> Publisher:
    """One publication for all tests that only read."""
    return made_once(tmp_path_factory, "published", partial(_published, built))


def _published(built: Publisher, folder: Path) -> Publisher:
    publisher = built.copied_to(folder / "home")
    with open_warehouse(publisher.run.home.warehouse) as connection:
        connection.execute(A_RATE)
        connection.execute(A_CEILING)
        connection.execute(A_RULE)
        connection.execute(A_FORMULA)
    publisher.publish(1)
    return publisher


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server."""
    with postgres_in(tmp_path_factory.mktemp("postgres")) as postgres:
        yield postgres.get_uri().replace("postgresql://", "postgresql+psycopg2://")


@pytest.fixture
def bi_url(server: str, request: pytest.FixtureRequest) -> str:
    """The URL of an empty database of its own."""
    import psycopg2

    name = f"bi_{abs(hash(request.node.name))}"
    connection = psycopg2.connect(make_url(server).set(drivername="postgresql").render_as_string(hide_password=False))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"create database {name}")
    connection.close()
    return make_url(server).set(database=name).render_as_string(hide_password=False)
