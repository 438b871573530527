"""200 times at random a source is refused, slow, cut off within a file, filled with rubbish, changed meanwhile.

Nothing is lost and nothing comes twice, and another source is taken in every run.
"""

from __future__ import annotations

import gc
from collections import Counter
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
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
from tests.sources.faults import Fault
from tests.sources.places import DELETING, Place, breaking

pytestmark = pytest.mark.slow

# How often of each kind, 200 times together.
DRAWS = {
    "sftp": 15, "deleting-sftp": 15, "ftp": 12, "deleting-ftp": 15, "ftps": 8, "implicit-ftps": 5,
    "webdav": 12, "deleting-webdav": 15, "http": 10, "s3": 10, "smb": 15, "deleting-smb": 15,
    "folder": 18, "imap": 17, "database": 18,
}  # fmt: skip
FAULTS: tuple[Fault, ...] = ("none", "refused", "cut", "cut", "cut", "slow")


class Story:
    """What was put at a place, and what of it is still there."""

    def __init__(self, place: Place, random: Random) -> None:
        self.place, self.random = place, random
        self.lies: dict[str, str] = {}
        self.ever: set[str] = set()

    def happen(self, number: int) -> None:
        for step in range(self.random.randint(1, 2)):
            name = f"{self.random.choice('甲乙丙')}{self.random.randint(1, 4)}.csv"
            if self.random.random() < 0.2 and self.lies:
                gone = self.random.choice([*self.lies])
                if self.place.remove(gone):
                    del self.lies[gone]
            else:
                line = f"第{number}回,{step},{'说' * 500}\r\n".encode("gb18030")
                self.put(name, line * self.random.randint(1, 80))
        if self.random.random() < 0.3:
            self.put(f"垃圾#{number}.csv", self.random.randbytes(self.random.randint(1, 5000)))

    def put(self, name: str, content: bytes) -> None:
        landed, digest = self.place.put(name, content)
        self.lies[landed] = digest
        self.ever.add(digest)


# smbprotocol leaves the socket of a connection that broke to the garbage collector, which says so.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("kind", DRAWS)
def test_nothing_is_lost_and_nothing_comes_twice(
    kind: str, run: Run, secrets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "book_reader", lambda: nullcontext(book_of))
    with breaking(kind, secrets, tmp_path) as one:
        story = Story(one.place, Random(kind))
        sources = (one.source, FolderSource(tmp_path / "here", "本机"))
        for number in range(DRAWS[kind]):
            story.happen(number)
            left_here(tmp_path, number)
            one.break_at(story.random.choice(FAULTS), story.random.choice((100, 3000, 10_000, 60_000)))
            pull(at(run, number), *sources)
            one.break_at("none", 0)
            assert len(of(run.home, "CL")) == number + 1, "the other source is taken whatever happens to this one"
        pull(at(run, DRAWS[kind]), *sources)
        lie = {path.name for path in (tmp_path / "files").rglob("*") if path.is_file()}
        kept_out = {name for name in lie if name.startswith("垃圾")}  # of what cannot be read nothing is kept
        assert not kind.startswith(DELETING) or lie == kept_out, lie
    gc.collect()  # here, and not in the middle of some other test
    landed = of(run.home, one.unit)
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
