"""A few files of the example county, received one delivery after the other and published once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from minsheng.core.declarations import ROOT
from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.plan.county import as_county
from minsheng.plan.run import Run
from minsheng.stages.build import build
from minsheng.stages.load import load
from minsheng.stages.parse import parse
from minsheng.stages.publish import publish
from minsheng.stages.pull import pull
from minsheng.stages.validate import validate
from minsheng.trace.asked import Question, ask
from minsheng.trace.model import Trace
from minsheng.trace.reading import read_traces
from tests.county import open_months
from tests.sharing import made_once
from tests.workbooks import lushan

EXAMPLES = ROOT / "examples" / "lushan-2022"
OPENED = (Period(2022, 4), Period(2022, 5), Period(2022, 6))
# What the tests ask about: a correction, a fall that is refused, rates, registers, a month that has no base.
SENT = {
    "2022-05-05T1730": ("CGJ",),
    "2022-05-16T0900": ("CGJ",),
    "2022-06-06T1730": ("JTYSJ",),
    "2022-07-05T1730": ("JTYSJ", "MZJ", "RSJ", "TXW", "WJW", "ZWDSJ"),
    "2022-07-07T1000": ("YBJ",),
}

Receive = Callable[[Run, Path], None]


def moment(delivery: str) -> datetime:
    """When a delivery of the examples came."""
    return datetime.strptime(delivery, "%Y-%m-%dT%H%M").replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def make_home(root: Path) -> Run:
    """The home with everything sent, judged and published; as the run of the last delivery."""
    run = Run(Home(root / "home" / "lushan"), as_county([lushan()]), moment("2022-05-05T1730"), "test")
    open_months(run, *OPENED)
    for delivery, units in SENT.items():
        run = replace(run, as_of=moment(delivery))
        inbox = root / "inbox" / delivery
        for unit in units:
            shutil.copytree(EXAMPLES / delivery / unit, inbox / unit)
        pull(run, inbox)
    judge_all(run)
    publish_all(run)
    return run


def read_trace(home: Home, plan_id: str | None, period: str, indicator: str) -> Trace:
    """The way of one figure."""
    (found,) = read_traces(home, ask(home, Question(plan_id, period, indicator)))
    return found


def judge_all(run: Run) -> None:
    parse(run)
    validate(run)


def publish_all(run: Run) -> None:
    load(run)
    build(run)
    publish(run)


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Shared by all tests that only look."""
    return made_once(tmp_path_factory, "trace", make_home)


def copied(county: Run, home: Path) -> Run:
    """The same county in a home of its own."""
    return replace(county, home=Home(shutil.copytree(county.home.root, home, symlinks=True)))


@pytest.fixture
def own_county(county: Run, tmp_path: Path) -> Run:
    """A copy a test may spoil."""
    return copied(county, tmp_path / "home")
