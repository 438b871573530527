"""A small county with a past: two months, three units, a file sent back, a mail that has gone, two publications."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from minsheng.core.declarations import ROOT
from minsheng.core.home import Home, Installation
from minsheng.core.outcome import StageResult
from minsheng.core.period import Period
from minsheng.flows.pipeline import conclude, run_stages
from minsheng.mail.contacts import Contacts, load_contacts
from minsheng.mail.folders import mails, settle
from minsheng.mail.settle import settle_mail
from minsheng.plan.county import as_county
from minsheng.plan.loader import load_plan
from minsheng.plan.run import Run
from tests.sharing import made_once

FIRST = datetime(2022, 2, 7, 17, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
SECOND = datetime(2022, 3, 7, 17, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
UNITS = ("CGJ", "GAJ", "RSJ")


@dataclass(frozen=True)
class Town:
    """The county's home and inbox, and the run that came last."""

    run: Run
    inbox: Path
    contacts: Contacts | None

    @property
    def home(self) -> Home:
        return self.run.home

    @property
    def content(self) -> str:
        """What readers see, as a hash."""
        return self.home.current.resolve().name.split("-")[1]

    def conclude(self) -> list[StageResult]:
        """Build, check, publish and report once more, as of the last run."""
        return list(conclude(replace(self.run, run_id="again")))

    def copied_to(self, folder: Path) -> Town:
        root = shutil.copytree(self.home.installation.root, folder / "home", symlinks=True)
        home = Installation(root).home(self.home.county)
        inbox = shutil.copytree(self.inbox, folder / "inbox")
        return replace(self, run=replace(self.run, home=home), inbox=inbox)


@pytest.fixture(scope="session")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The county; to be copied."""
    return made_once(tmp_path_factory, "town", _lived_in)


def _lived_in(folder: Path) -> Town:
    inbox = folder / "inbox"
    for unit in UNITS:
        shutil.copytree(ROOT / "examples" / "lushan-2022" / "2022-02-07T1730" / unit, inbox / unit)
    contacts = load_contacts(ROOT / "examples" / "contacts.yaml")
    run = Run(
        Installation(folder / "home").home("lushan"),
        as_county([load_plan(ROOT / "plans" / "lushan-2022")]),
        FIRST,
        "first",
    )
    list(run_stages(run, Period(2022, 1), inbox, contacts))
    gone = mails(run.home, "pending")[0]
    settle(gone, "sent", {"someone@lushan.example": "250 OK"}, run.home)
    settle_mail(run)
    last = replace(run, as_of=SECOND, run_id="second")
    list(run_stages(last, Period(2022, 2), inbox, contacts))
    return Town(last, inbox, contacts)


@pytest.fixture
def town(lived_in: Town, tmp_path: Path) -> Town:
    """A copy to break."""
    return lived_in.copied_to(tmp_path)
