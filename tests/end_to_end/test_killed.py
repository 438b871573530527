"""kill -9 in every stage: the next run ends where an undisturbed one does."""

import multiprocessing
import os
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from minsheng.core.codes import Stage
from minsheng.core.home import Home
from minsheng.core.outcome import StageResult
from minsheng.flows.pipeline import STAGES, stages
from minsheng.mail.contacts import load_contacts
from minsheng.plan.county import as_county
from minsheng.plan.loader import load_plan
from minsheng.plan.run import Run
from minsheng.stages.open import open_period
from tests.end_to_end.conftest import CONTACTS, PLAN, Delivery, deliveries

pytestmark = pytest.mark.slow

# Every call into C is a place to die at: each statement sent to DuckDB, each write, rename and sync.
PLACES = (0.1, 0.6, 0.99)

# Hash of the published content, and the mails in the outbox.
Ending = tuple[str, list[str]]

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.end_to_end.preload"])


@dataclass(frozen=True)
class Undisturbed:
    """A run nobody killed: the home as it was before each stage, the calls each stage made, how it ended."""

    before: dict[str, Path]
    calls: dict[str, int]
    ending: Ending


class Counter:
    """Counts calls into C, and kills its own process at the one it was told."""

    def __init__(self, die_at: int) -> None:
        self.die_at = die_at
        self.calls = 0

    def __call__(self, frame: object, event: str, argument: object) -> None:
        if event in ("c_call", "c_return"):
            self.calls += 1
            if self.calls == self.die_at:
                os.kill(os.getpid(), signal.SIGKILL)


def counted(stage: Stage, home: Path, delivery: Path, die_at: int = 0) -> tuple[int, int]:
    """Run a stage in a process of its own; gives its exit code and how many calls into C it made."""
    receiver, sender = processes.Pipe(duplex=False)
    child = processes.Process(target=_count, args=(stage, home, delivery, die_at, sender))
    child.start()
    sender.close()
    child.join()
    assert child.exitcode is not None
    return child.exitcode, receiver.recv() if child.exitcode == 0 else 0


def _count(stage: Stage, home: Path, folder: Path, die_at: int, sender: Connection) -> None:
    function = _stages(home, folder, "killed")[stage]
    counter = Counter(die_at)
    sys.setprofile(counter)
    function()
    sys.setprofile(None)
    sender.send(counter.calls)


def run_again(home: Path, folder: Path) -> None:
    """All stages, as the next run takes them."""
    for stage in _stages(home, folder, "whole").values():
        stage()


def _stages(home: Path, folder: Path, run_id: str) -> dict[Stage, Callable[[], StageResult]]:
    delivery = Delivery(folder)
    run = Run(Home(home), as_county([load_plan(PLAN)]), delivery.received_at, run_id)
    return stages(run, folder, load_contacts(CONTACTS))


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few units of the second delivery: late files, resubmissions."""
    source = deliveries()[1].folder
    folder = tmp_path_factory.mktemp("inbox") / source.name
    shutil.copytree(source, folder)
    shutil.copytree(deliveries()[0].folder / "RSJ", folder / "RSJ")
    return folder


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, delivery: Path) -> Undisturbed:
    folder = tmp_path_factory.mktemp("undisturbed")
    home = folder / "whole" / "lushan"  # alone in its installation, as the copies are: roll_up looks at all there are
    moment = Delivery(delivery)
    open_period(Run(Home(home), as_county([load_plan(PLAN)]), moment.received_at, "whole"), moment.period)
    before: dict[str, Path] = {}
    calls: dict[str, int] = {}
    for stage in STAGES:
        before[stage] = shutil.copytree(home.parent, folder / stage, symlinks=True) / "lushan"
        code, calls[stage] = counted(stage, home, delivery)
        assert code == 0
    return Undisturbed(before, calls, ending(home))


@pytest.mark.parametrize("stage", STAGES)
def test_killed_anywhere_in_a_stage_the_next_run_ends_the_same(
    stage: Stage, undisturbed: Undisturbed, delivery: Path, tmp_path: Path
) -> None:
    for place in sorted({max(1, int(undisturbed.calls[stage] * share)) for share in PLACES}):
        home = shutil.copytree(undisturbed.before[stage].parent, tmp_path / f"{place}", symlinks=True) / "lushan"
        assert counted(stage, home, delivery, die_at=place) == (-signal.SIGKILL, 0)
        run_again(home, delivery)
        assert ending(home) == undisturbed.ending


def ending(home: Path) -> Ending:
    """Told by what readers of the installation see, which is the last thing a run does."""
    revision = (home.parent / "published" / "current").resolve().name
    return revision.split("-")[1], sorted(path.name for path in (home / "outbox").rglob("*.eml"))
