"""An hour that brings nothing makes no pass; whatever brings something does."""

from __future__ import annotations

from collections.abc import Callable
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

HOUR = timedelta(hours=1)


@dataclass
class Office:
    """A county whose hours pass, with its contacts."""

    county: County
    contacts: Path
    hour: int = 0

    @property
    def inbox(self) -> Path:
        return self.county.folder / "inbox"

    @property
    def run(self) -> Run:
        return replace(self.county.run(IN_TIME + self.hour * HOUR), run_id=f"hour-{self.hour}")

    def passes(self) -> bool:
        """The next hour; whether anything was done after pull."""
        self.hour += 1
        pull(self.run, self.inbox)
        return self.begins()

    def begins(self) -> bool:
        begun = begin_pass(self.run, [self.contacts])
        if begun:
            for stage in (parse, validate, load):
                stage(self.run)
            end_pass(self.run)
        return begun

    def publishes(self) -> None:
        for stage in (build, publish):
            stage(self.run)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    county = County(tmp_path)
    receive_plan(county.run())
    (tmp_path / "contacts.yaml").write_text("data_team: data@lushan.example\n", encoding="utf-8")
    office = Office(county, tmp_path / "contacts.yaml")
    deliver(office)
    assert office.passes()
    office.publishes()
    assert not office.passes()
    return office


def deliver(office: Office) -> None:
    office.hour += 0
    atomic_write(office.inbox / "CGJ" / f"{office.hour}.xlsx", as_bytes(manholes(120 + office.hour)))


def complete_contacts(office: Office) -> None:
    office.contacts.write_text("data_team: team@lushan.example\n", encoding="utf-8")


def decide(office: Office) -> None:
    atomic_write(office.county.home.landing / office.county.plan.plan_id / "decisions" / "1.json", b"{}")


def pass_the_due_hour(office: Office) -> None:
    office.hour = 24 * 7  # the seventh of the next month: none was due when the marts were built


@pytest.mark.parametrize("happens", [deliver, complete_contacts, decide, pass_the_due_hour])
def test_what_may_change_something_is_seen_in_the_next_hour(office: Office, happens: Callable[[Office], None]) -> None:
    happens(office)
    office.hour += 1
    assert begin_pass(office.run, [office.contacts]) or office.passes()


def test_the_first_hour_of_a_day_always_passes(office: Office) -> None:
    office.hour = 23
    assert office.passes()


def test_a_pass_that_did_not_come_to_its_end_is_made_again(office: Office) -> None:
    deliver(office)
    office.hour += 1
    pull(office.run, office.inbox)
    assert begin_pass(office.run, [office.contacts])
    assert office.passes()
    office.publishes()
    assert not office.passes()


def test_what_is_not_published_yet_keeps_passing(office: Office) -> None:
    deliver(office)
    assert office.passes()
    assert office.passes()
    office.publishes()
    assert not office.passes()
