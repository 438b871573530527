"""An hour that brings nothing makes no pass; whatever brings something does."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from minsheng.core.files import atomic_write
from minsheng.flows.passes import begin_pass, begin_whole_pass, end_pass, end_whole_pass
from minsheng.mail.contacts import Contacts
from minsheng.plan.run import Run
from minsheng.stages.build import build
from minsheng.stages.load import load
from minsheng.stages.parse import parse
from minsheng.stages.publish import publish
from minsheng.stages.pull import pull
from minsheng.stages.receive_plan import receive_plan
from minsheng.stages.report import report
from minsheng.stages.roll_up import roll_up
from minsheng.stages.validate import validate
from tests.county import CONTACTS, IN_TIME, County
from tests.workbooks import as_bytes, manholes


@dataclass
class Office:
    """A county whose hours pass, with its contacts; the next hour begins whenever it is looked at."""

    county: County
    contacts: Path
    hour: int = 0

    @property
    def inbox(self) -> Path:
        return self.county.folder / "inbox"

    @property
    def run(self) -> Run:
        return replace(self.county.run(IN_TIME + timedelta(hours=self.hour)), run_id=f"hour-{self.hour}")

    def begins(self, *, ends: bool = True) -> bool:
        """Whether the next hour makes a pass, which comes to its end or does not."""
        self.hour += 1
        begun = begin_pass(self.run, [self.contacts])
        if ends:
            end_pass(self.run)
        return begun

    def takes_in(self, *, publishes: bool) -> None:
        for stage in (parse, validate, load, *((build, publish) if publishes else ())):
            stage(self.run)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    county = County(tmp_path)
    receive_plan(county.run())
    (tmp_path / "contacts.yaml").write_text("data_team: data@lushan.example\n", encoding="utf-8")
    atomic_write(tmp_path / "inbox" / "CGJ" / "5月.xlsx", as_bytes(manholes()))
    return Office(county, tmp_path / "contacts.yaml")


def test_a_pass_is_made_for_what_is_new_and_for_nothing_else(office: Office) -> None:
    assert office.begins()
    pull(office.run, office.inbox)
    assert office.begins(), "a file has come"
    assert office.begins(), "it was not read"
    office.takes_in(publishes=False)
    assert office.begins(), "it was not published"
    office.takes_in(publishes=True)
    assert not office.begins()

    decision = office.county.home.landing / office.county.plan.plan_id / "decisions" / "1.json"
    atomic_write(decision, b"{}")
    assert office.begins(ends=False), "something was decided"
    assert office.begins(), "that pass did not come to its end"
    assert not office.begins()
    office.contacts.write_text("data_team: team@lushan.example\n", encoding="utf-8")
    assert office.begins(), "the contacts are others"
    assert not office.begins()
    office.hour = 13
    assert office.begins(), "a new day"
    assert not office.begins()
    office.hour = 24 * 4  # the month came due in between
    assert office.begins()
    assert office.begins(), "and was not built since"


def test_a_whole_pass_is_made_again_for_whatever_it_made_that_is_not_as_it_was(office: Office) -> None:
    def begins(contacts: Contacts | None = None) -> bool:
        office.hour += 1
        begun = begin_whole_pass(office.run, contacts)
        end_whole_pass(office.run)
        return begun

    pull(office.run, office.inbox)
    assert begins()
    office.takes_in(publishes=True)
    report(office.run)
    roll_up(office.county.home.installation)
    assert begins(), "it was published, and pages were made"
    assert not begins()
    assert begins(CONTACTS), "the contacts are others"
    assert begins()
    assert not begins()

    home = office.county.home
    (home.reports / "index.html").unlink()
    assert begins(), "a page is lost"
    assert not begins()
    table = next(home.current.glob("*.csv"))
    content, times = table.read_bytes(), table.stat()
    table.chmod(0o640)
    table.write_bytes(content[:-1] + b"?")
    os.utime(table, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert begins(), "a published file is damaged, though it looks as before"
    assert begins(), "and is not mended"
    table.write_bytes(content)
    os.utime(table, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert not begins()
    home.current.unlink()
    assert begins(), "readers find nothing"
