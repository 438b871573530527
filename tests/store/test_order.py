"""Nothing is told as done before it is on the disk: every write, sync and rename of every stage, as it is called."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.flows.pipeline import stages
from minsheng.flows.recovery import recover
from minsheng.mail.folders import mails, settle, take_back
from minsheng.mail.settle import settle_mail
from minsheng.publication.fewer import accept_fewer
from minsheng.publication.retention import Keep, prune
from minsheng.publication.rollback import release, roll_back
from minsheng.stages.open import open_period
from tests.store.conftest import FIRST, Town
from tests.store.tracing import Tracer

pytestmark = pytest.mark.slow

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.end_to_end.preload"])

Steps = Iterator[tuple[str, Callable[[], object]]]


def a_month(town: Town) -> Steps:
    """From nothing to a publication."""
    yield "open", lambda: open_period(town.run, Period(2022, 1))
    yield from stages(town.run, town.inbox, town.contacts).items()


def by_hand(town: Town) -> Steps:
    """What people and the mail server do to a home that is lived in, and making its warehouse anew."""
    home, now = town.home, datetime(2030, 1, 1, tzinfo=UTC)
    mail = mails(home, "pending")[0]
    yield "refuse", lambda: settle(mail, "refused", {"a@lushan.example": "550 no"}, home)
    yield "take_back", lambda: take_back(home, mail.stem)
    yield "send", lambda: settle(mail, "sent", {"a@lushan.example": "250 OK"}, home)
    yield "settle_mail", lambda: settle_mail(town.run)
    yield "roll_back", lambda: roll_back(home, None, now, "试")
    yield "release", lambda: release(home, now)
    yield "accept_fewer", lambda: accept_fewer(home, now, "试")
    yield "prune", lambda: prune(home, Keep(newest=1, days=0), now)
    home.warehouse.unlink()
    yield "recover", lambda: list(recover(town.run))


def _trace(steps: Callable[[Town], Steps], town: Town, is_blind: bool, sender: Connection) -> None:
    tracer = Tracer(town.home.root, is_blind=is_blind)
    tracer.watch()
    for name, step in steps(town):
        step()
        tracer.ended(name)
    sender.send((tracer.faults, tracer.renames))


def traced(steps: Callable[[Town], Steps], town: Town, *, is_blind: bool = False) -> tuple[list[str], int]:
    """What a power cut could take, and how many renames into place there were."""
    receiver, sender = processes.Pipe(duplex=False)
    child = processes.Process(target=_trace, args=(steps, town, is_blind, sender))
    child.start()
    sender.close()
    found: tuple[list[str], int] = receiver.recv()  # before it ends: it waits until a long answer is read
    child.join()
    assert child.exitcode == 0
    return found


@pytest.fixture
def new_home(lived_in: Town, tmp_path: Path) -> Town:
    """The same county before anything happened."""
    run = replace(lived_in.run, home=Home(tmp_path / "county" / "home"), as_of=FIRST)
    (tmp_path / "county").mkdir()
    return replace(lived_in, run=run)


def test_a_month_tells_nothing_as_done_before_it_is_on_the_disk(new_home: Town) -> None:
    faults, renames = traced(a_month, new_home)
    assert faults == []
    assert renames > 10


def test_what_people_do_is_on_the_disk_when_the_command_comes_back(town: Town) -> None:
    faults, renames = traced(by_hand, town)
    assert faults == []
    assert renames > 10


def test_the_trace_sees_a_sync_that_is_missing(new_home: Town) -> None:
    faults, _ = traced(a_month, new_home, is_blind=True)
    told = "\n".join(faults)
    for place in ("receipts", "objects", "openings", "outbox", "templates", "revisions", "reports"):
        assert place in told
