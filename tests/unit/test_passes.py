"""An hour that brings nothing makes no pass; whatever brings something does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from minsheng.core.files import atomic_write
from minsheng.flows.passes import begin_pass, end_pass
from minsheng.plan.run import Run
from minsheng.stages.build import build
from minsheng.stages.load import load
from minsheng.stages.parse import parse
from minsheng.stages.publish import publish
from minsheng.stages.pull import pull
from minsheng.stages.receive_plan import receive_plan
from minsheng.stages.validate import validate
from tests.county import IN_TIME, County
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
