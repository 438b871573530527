"""Two years of one county: tables made for the plans that have changed are, row by row, those made whole."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from examples.filling import handed_out
from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.landing.decisions import Decision, land_decision
from minsheng.plan.county import as_county
from minsheng.plan.loader import load_plan
from minsheng.plan.run import Run
from minsheng.stages.build import build
from minsheng.stages.load import load
from minsheng.stages.open import open_period
from minsheng.stages.parse import parse
from minsheng.stages.publish import publish
from minsheng.stages.pull import pull
from minsheng.stages.validate import validate
from minsheng.template.month import month_forms
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection, kept_open, open_warehouse
from minsheng.warehouse.plan_parts import is_by_plan, owner, remake_part
from minsheng.warehouse.rebuild import rebuild
from tests.generative.histories import FLOW, ZONE, Step, history, plan
from tests.plans import plan_as
from tests.received import stand_in_for_forms
from tests.workbooks import as_bytes, cell, sign

pytestmark = pytest.mark.slow

THIS, NEXT = "lushan-2022", "lushan-2023"
DECEMBER, JANUARY = Period(2022, 12), Period(2023, 1)
MODELS = [model for schema in sqlfiles.BUILT for model in sqlfiles.models(schema)]
BY_PLAN = [model for model in MODELS if is_by_plan(model)]
Delivered = tuple[str, bytes]


class Years:
    """A home with the plans of two years, in which one thing after the other happens."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, Home(folder / "home")
        self.plans = {THIS: plan(), NEXT: load_plan(plan_as(NEXT, folder))}
        self.deliveries = 0

    def run(self, at: datetime) -> Run:
        return Run(self.home, as_county(self.plans.values()), at, f"run-{self.deliveries}-{at:%m%d}")

    def open(self, period: Period, at: datetime) -> None:
        stand_in_for_forms(self.run(at), period)
        open_period(self.run(at), period)

    def deliver(self, at: datetime, *files: Delivered) -> None:
        """Everything up to the star."""
        self.deliveries += 1
        inbox = self.folder / f"inbox-{self.deliveries}"
        inbox.mkdir()
        for number, (sender, content) in enumerate(files):
            (inbox / sender).mkdir(exist_ok=True)
            (inbox / sender / f"报表{self.deliveries}-{number}.xlsx").write_bytes(content)
        run = self.run(at)
        with kept_open(self.home.warehouse):
            pull(run, inbox)
            parse(run)
            validate(run)
            load(run)

    def take(self, at: datetime, *files: Delivered) -> None:
        self.deliver(at, *files)
        with kept_open(self.home.warehouse):
            build(self.run(at))
            publish(self.run(at))

    def report(self, plan_id: str, period: Period, unit: str, month: int, total: int, why: str = "") -> bytes:
        workbook = handed_out(month_forms(self.plans[plan_id], str(period)), unit)
        said = {"本月数": month, "累计数": total} | ({"更正": "是", "更正原因": why} if why else {})
        for heading, value in said.items():
            cell(workbook, FLOW, heading).value = value
        sign(workbook)
        return as_bytes(workbook)

    def edit_plan(self, plan_id: str) -> None:
        """Another edition: what is behind is so a little later."""
        held = self.plans[plan_id]
        floors = held.thresholds.model_copy(update={"green_floor_pp": held.thresholds.green_floor_pp - 1})
        self.plans[plan_id] = held.model_copy(update={"thresholds": floors, "sha256": f"{held.sha256} edited"})

    def require_whole(self) -> None:
        """What was built is what is built whole of the same raw rows, table by table."""
        with open_warehouse(self.home.warehouse) as connection:
            built = rows(connection)
            connection.begin()
            for schema in sqlfiles.BUILT:
                rebuild(connection, schema)
            whole = rows(connection)
            connection.rollback()
        for name in whole:
            assert built[name] == whole[name], name

    def marked(self) -> set[str]:
        """The plans whose rows were not made again since they were marked, which this does once more."""
        with open_warehouse(self.home.warehouse) as connection:
            query = "select distinct plan_id from marts.unit where full_name = 'marked'"
            found = {plan_id for (plan_id,) in connection.execute(query).fetchall()}
            connection.execute("update marts.unit set full_name = 'marked'")
        return found


def rows(connection: Connection) -> dict[str, list[str]]:
    """Every row of every built table, in an order of its own."""
    return {
        model.full_name: sorted(map(repr, connection.execute(f"select * from {model.full_name}").fetchall()))
        for model in MODELS
    }


def at(year: int, month: int, day: int, hour: int = 9) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZONE)


@pytest.fixture
def years(tmp_path: Path) -> Years:
    return Years(tmp_path)


def take_step(years: Years, step: Step) -> None:
    for month in (Period(2022, number) for number in range(1, step.moment.month)):
        years.open(month, step.moment)
    years.take(step.moment, (step.sender, step.content))


def turn_of_the_year(years: Years) -> Iterator[tuple[datetime, *tuple[Delivered, ...]]]:
    """Acts that touch one year, the other, both, or none; when the next run is, and what comes then."""
    years.open(DECEMBER, at(2023, 1, 1))
    yield (at(2023, 1, 1),)
    yield at(2023, 1, 3), ("SZJ", years.report(THIS, DECEMBER, "SZJ", 30, 1900))
    yield (at(2023, 1, 20),)  # hours have passed, and nothing came
    years.open(JANUARY, at(2023, 2, 1))
    yield (at(2023, 2, 1),)
    yield at(2023, 2, 2), ("CGJ", years.report(NEXT, JANUARY, "CGJ", 20, 20))
    yield at(2023, 2, 3), ("SZJ", years.report(THIS, DECEMBER, "SZJ", 40, 1910, "重新核实"))
    both = years.report(NEXT, JANUARY, "CGJ", 22, 22), years.report(THIS, DECEMBER, "SZJ", 41, 1911)
    yield at(2023, 2, 3, 12), *(("CGJ", content) for content in both)  # one answer to files of two years
    extended = Decision("extended", at(2023, 2, 4), "督查室", "大雪", period=str(JANUARY), until_at=at(2023, 2, 9))
    land_decision(years.home, NEXT, extended)
    yield (at(2023, 2, 5),)
    years.edit_plan(THIS)
    yield (at(2023, 2, 6),)
    yield (at(2023, 2, 28),)


@pytest.mark.parametrize("seed", [19])
def test_what_is_made_by_plan_is_what_is_made_whole(years: Years, seed: int) -> None:
    for step in history(seed, 5):
        take_step(years, step)
        years.require_whole()
    for moment, *files in turn_of_the_year(years):
        years.take(moment, *files)
        years.require_whole()


def test_a_plan_of_which_nothing_is_new_is_left_alone(years: Years) -> None:
    years.open(DECEMBER, at(2023, 1, 1))
    years.open(JANUARY, at(2023, 2, 1))
    years.take(at(2023, 2, 2), ("CGJ", years.report(NEXT, JANUARY, "CGJ", 20, 20)))  # with it come the rules
    with open_warehouse(years.home.warehouse) as connection:  # as an earlier version wrote it, of no plan
        connection.execute("insert into raw.letter by name select 'old' as mail_id, '正文' as opening")
    years.take(at(2023, 2, 2, 12))
    years.marked()
    years.take(at(2023, 2, 3))
    assert years.marked() == {THIS, NEXT}
    years.take(at(2023, 2, 3, 10), ("CGJ", years.report(NEXT, JANUARY, "CGJ", 25, 25)))
    assert years.marked() == {THIS}
    years.edit_plan(THIS)
    years.take(at(2023, 2, 3, 11))
    assert years.marked() == {NEXT}


def test_a_build_that_is_killed_leaves_the_next_one_all_to_do(years: Years) -> None:
    years.open(DECEMBER, at(2023, 1, 1))
    years.open(JANUARY, at(2023, 2, 1))
    years.take(at(2023, 2, 2), ("CGJ", years.report(NEXT, JANUARY, "CGJ", 20, 20)))
    years.deliver(at(2023, 2, 3), ("SZJ", years.report(THIS, DECEMBER, "SZJ", 30, 1900)))
    killed(years)
    years.deliver(at(2023, 2, 4), ("CGJ", years.report(NEXT, JANUARY, "CGJ", 25, 25)))
    killed(years)
    with open_warehouse(years.home.warehouse) as connection:
        known = (
            "select actual_value from marts.indicator_completion where indicator_code = ? and actual_value is not null"
        )
        assert connection.execute(known, [FLOW]).fetchall() == [(20,)], "a killed build has left something"
    years.take(at(2023, 2, 5))
    years.require_whole()


def killed(years: Years) -> None:
    """A build cut short when all is made and nothing is committed."""
    child = os.fork()
    if not child:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("minsheng.stages.build.ask_all", lambda _: os.kill(os.getpid(), signal.SIGKILL))
            build(years.run(at(2023, 2, 4, 12)))
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.parametrize("model", BY_PLAN, ids=lambda model: model.full_name)
def test_whatever_a_part_reads_is_narrowed_down_to_its_plans(model: sqlfiles.Model) -> None:
    _, insert = remake_part(model, {THIS})
    read = re.findall(r"\b(?:from|join)\s+([a-z]+\.\w+)( where)?", insert)
    of_all = {table.full_name for table in sqlfiles.raw_tables() if owner(table) is None}
    of_all |= {each.full_name for each in MODELS if "plan_id" not in sqlfiles.columns(each)}
    named = {table.full_name for table in (*sqlfiles.raw_tables(), *MODELS)}
    assert {table for table, where in read if table in named and not where} <= of_all
    assert {table for table, where in read if where}


def test_what_the_star_has_whole_is_read_by_nothing_that_is_made_by_plan() -> None:
    """A row of it may follow from another plan's, and only marts made in the same build are told when it changes."""
    whole = {model.full_name for model in sqlfiles.models("star") if model.header.get("plans") == "together"}
    assert whole
    readers = [model for model in MODELS if sqlfiles.reads(model) & whole]
    assert readers and {model.header.get("plans") for model in readers} == {"together"}


def test_the_moment_is_asked_of_nothing_but_hours_that_are_counted() -> None:
    """``warehouse/plan_digests.py`` counts the due hours and freezes that have passed; another kind belongs there."""
    for model in sqlfiles.models("marts"):
        asked = [line.strip() for line in model.sql.splitlines() if "as_of.as_of" in line]
        assert all("as_of.as_of > " in line for line in asked), asked
        hours = {line.split("as_of.as_of > ")[1].split()[0].split(",")[0].split(".")[-1] for line in asked}
        assert hours <= {"due_at", "freeze_at"}, model.name
    assert not [model for model in sqlfiles.models("published") if "raw.as_of" in sqlfiles.reads(model)]
