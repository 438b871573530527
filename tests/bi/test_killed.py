"""kill -9 at every step of publishing: ``current`` is the old revision or the new one, whole."""

import hashlib
import json
import multiprocessing
import os
import shutil
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from minsheng.core.home import Home
from minsheng.publication.log import entries
from minsheng.publication.spans import spans
from minsheng.stages.publish import publish
from minsheng.warehouse.connection import open_to_read
from tests.bi.conftest import MARKED, Publisher, mark, shrink

pytestmark = pytest.mark.slow

# Every change of a file or folder that Python makes is a step, and everything asked of DuckDB. It dies at
# each step that moves or makes something, and at some of the many that only fill or ask.
DECISIVE = {"os.mkdir", "os.rename", "os.symlink", "os.utime", "shutil.rmtree"}
FILLING = {"open", "os.chmod", "os.remove", "os.rmdir"}
CALLS = {"fsync", "execute"}
EVERY = 120

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.bi.preload"])


class Steps:
    """Lists the steps of its own process, and kills it at the one it was told."""

    def __init__(self, die_at: int | None) -> None:
        self.die_at = die_at
        self.names: list[str] = []

    def hear(self, event: str, arguments: tuple[object, ...]) -> None:
        """An audit event: raised before the change is made."""
        is_reading = event == "open" and arguments[1] in ("r", "rb", None)
        if event in DECISIVE | FILLING and not is_reading:
            self.step(event)

    def see(self, _: object, event: str, function: object) -> None:
        """A call into C."""
        name = getattr(function, "__name__", "")
        if event == "c_call" and name in CALLS:
            self.step(name)

    def step(self, name: str) -> None:
        if len(self.names) == self.die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.names.append(name)


def _publish(publisher: Publisher, die_at: int | None, sender: Connection) -> None:
    steps = Steps(die_at)
    sys.addaudithook(steps.hear)
    sys.setprofile(steps.see)
    publish(publisher.run)
    sys.setprofile(None)
    sender.send(list(steps.names))


def in_child(publisher: Publisher, die_at: int | None = None) -> list[str]:
    """Publish in a process of its own that dies at a step; gives the steps it took, none if it died."""
    receiver, sender = processes.Pipe(duplex=False)
    child = processes.Process(target=_publish, args=(publisher, die_at, sender))
    child.start()
    sender.close()
    child.join()
    assert child.exitcode == (0 if die_at is None else -signal.SIGKILL)
    return list(receiver.recv()) if die_at is None else []


def number_shown(home: Home) -> int:
    """What readers see, after holding every file against the manifest."""
    folder = home.current.resolve()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["revision"] == folder.name
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    assert manifest["files"] == {name: value for name, value in hashes.items() if name != "manifest.json"}
    with open_to_read(folder / "marts.duckdb") as connection:
        rows = connection.execute(" union ".join(f"select {column} from {table}" for table, column in MARKED.items()))
        numbers = {number for (number,) in rows.fetchall()}
    assert len(numbers) == 1
    return int(numbers.pop())


@pytest.fixture
def ready(publisher: Publisher) -> Publisher:
    """Number 1 is published, number 2 is built."""
    shrink(publisher.run.home)
    publisher.publish(1)
    mark(publisher.run.home, 2)
    return publisher


def test_killed_at_any_step_readers_see_the_old_or_the_new_and_the_next_publish_ends_it(
    ready: Publisher, tmp_path: Path
) -> None:
    steps = in_child(ready.copied_to(tmp_path / "whole"))
    places = [place for place, name in enumerate(steps) if name in DECISIVE or place % EVERY == 0]
    assert {steps[place] for place in places} > {"os.mkdir", "os.rename", "os.symlink", "os.utime", "execute"}
    seen = []
    for place in places:
        killed = ready.copied_to(tmp_path / f"{place}")
        in_child(killed, die_at=place)
        seen.append(number_shown(killed.run.home))
        assert publish(killed.run).outcomes[0].result in ("published", "switched", "unchanged")
        assert number_shown(killed.run.home) == 2
        revisions = sorted((killed.run.home.published / "revisions").iterdir())
        assert [path.name[:6] for path in revisions] == ["000001", "000002"]
        assert [span.revision[:6] for span in spans(entries(killed.run.home))] == ["000001", "000002"]
        shutil.rmtree(killed.run.home.root)
    assert set(seen) == {1, 2}
    assert seen == sorted(seen)
