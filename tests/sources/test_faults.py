"""200 times at random a source is refused, slow, cut off within a file, filled with rubbish, changed meanwhile.

Nothing is lost and nothing comes twice, and another source is taken in every run.
"""

from __future__ import annotations

import gc
from collections import Counter
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest

from minsheng.core.home import Home
from minsheng.landing import all_receipts
from minsheng.plan.run import Run
from minsheng.source.folder import FolderSource
from minsheng.stages import pull as stage
from minsheng.stages.pull import pull
from tests.books import book_of
from tests.sources.conftest import Server
from tests.sources.faults import Fault, line_to
from tests.sources.test_kinds import made, serving_kind

pytestmark = pytest.mark.slow

# How often of each kind, 200 times together.
DRAWS = {"sftp": 45, "ftp": 40, "ftps": 10, "webdav": 40, "http": 10, "s3": 10, "smb": 45}
FAULTS: tuple[Fault, ...] = ("none", "refused", "cut", "cut", "cut", "slow")


class Story:
    """What was put at a source, and what of it is still there."""

    def __init__(self, server: Server, random: Random) -> None:
        self.server, self.random = server, random
        self.lies: dict[str, str] = {}
        self.ever: set[str] = set()

    def happen(self, number: int) -> None:
        for step in range(self.random.randint(1, 2)):
            name = f"{self.random.choice('甲乙丙')}{self.random.randint(1, 4)}.csv"
            if self.random.random() < 0.2 and name in self.lies:
                self.server.remove(f"RSJ/{name}")
                del self.lies[name]
            else:
                line = f"第{number}回,{step},{'说' * 500}\r\n".encode("gb18030")
                self.put(name, line * self.random.randint(1, 80))
        if self.random.random() < 0.3:
            self.put(f"垃圾#{number}.csv", self.random.randbytes(self.random.randint(1, 5000)))

    def put(self, name: str, content: bytes) -> None:
        self.server.put(f"RSJ/{name}", content)
        self.lies[name] = sha256(content).hexdigest()
        self.ever.add(self.lies[name])


# smbprotocol leaves the socket of a connection that broke to the garbage collector, which says so.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("kind", DRAWS)
def test_nothing_is_lost_and_nothing_comes_twice(
    kind: str, run: Run, secrets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "book_reader", lambda: nullcontext(book_of))
    with serving_kind(kind, secrets, tmp_path) as port, line_to(port) as line:
        server = made(kind, tmp_path / "files", port)
        story = Story(server, Random(kind))
        through = made(kind, tmp_path / "files", line.port)
        sources = (
            through.source(),
            FolderSource(
                tmp_path / "here",
                "本机",
            ),
        )
        for number in range(DRAWS[kind]):
            story.happen(number)
            left_here(tmp_path, number)
            line.break_at(story.random.choice(FAULTS), story.random.choice((100, 3000, 10_000, 60_000)))
            pull(at(run, number), *sources)
            assert len(of(run.home, "CL")) == number + 1, "the other source is taken whatever happens to this one"
        line.break_at("none", 0)
        pull(at(run, DRAWS[kind]), *sources)
    gc.collect()  # here, and not in the middle of some other test
    landed = of(run.home, "RSJ")
    last = dict(landed)
    assert set(story.lies.items()) <= set(landed)
    assert {last[name] for name in story.lies} == set(story.lies.values())
    assert {sha for _, sha in landed} <= story.ever
    assert max(Counter(landed).values()) == 1


def at(run: Run, number: int) -> Run:
    return replace(run, run_id=f"run-{number}", as_of=run.as_of + timedelta(hours=number))


def left_here(folder: Path, number: int) -> None:
    path = folder / "here" / "CL" / f"{number}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"%d" % number)


def of(home: Home, unit: str) -> list[tuple[str, str]]:
    """Name and hash of what has landed of a unit, in order."""
    return [(one.file_name, one.sha256) for one in all_receipts(home) if one.unit_code == unit]
