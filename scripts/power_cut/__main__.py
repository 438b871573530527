"""``python -m scripts.power_cut``: cut the power after every step and at random moments, mount again, look, go on.

Run as root on Linux with FUSE and loop devices. After a step power is cut twice: with everything that was written on
the disk, and with a random part only of what no flush had covered; at random moments in one way or the other. After
each cut nothing that was told as done is gone; ``verify`` reads the home; the next run ends as an undisturbed one, and
then ``verify`` finds nothing. A warehouse that the cut has damaged is made anew first, as the runbook has it: DuckDB
writes some blocks over in place, and half of one is none.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from pathlib import Path

from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.verify import verify
from scripts.power_cut.county import Promised, ending, lay_inboxes, mend, promised, steps
from scripts.power_cut.disk import Disk, image_after_cut, mounted, positions, remembering_disk

# Imported once, and not in every process that looks.
_PRELOADED = ("great_expectations", "minsheng.flows.preload")
_MEMORY = "/dev/shm"
_FORMAT = ("mkfs.ext4", "-q", "-E", "nodiscard,lazy_itable_init=0,lazy_journal_init=0")


@dataclass(frozen=True)
class Told:
    """A step that has come back: where the disk's log was then, and what had been told as done."""

    step: str
    position: int
    promised: Promised


@dataclass(frozen=True)
class Cut:
    """A moment at which the power goes; ``seed``: of what had not been flushed a random part is kept."""

    name: str
    position: int
    seed: int | None


@dataclass(frozen=True)
class Found:
    """What was left after a cut: promises broken, kinds of damage before and after the next run, how that ended."""

    cut: Cut
    broken: Sequence[str]
    hurt: Sequence[str]
    still_hurt: Sequence[str]
    ending: tuple[str, list[str]]


def main() -> int:
    """Report every cut; 1 when one of them lost something."""
    parser = argparse.ArgumentParser(prog="python -m scripts.power_cut", description=__doc__)
    parser.add_argument("--random", type=int, default=80, help="cuts at random moments [80]")
    parser.add_argument("--seed", type=int, default=1, help="of the random moments [1]")
    given = parser.parse_args()
    for name in _PRELOADED:
        import_module(name)
    with tempfile.TemporaryDirectory(dir=_MEMORY) as made:
        folder = Path(made)
        lay_inboxes(folder / "inboxes")
        with remembering_disk(folder) as disk:
            begun, told = _undisturbed(disk, folder)
        wanted = _ending(disk.log, told[-1].position, folder)
        cuts = list(_cuts(disk.log, begun, told, given.random, random.Random(given.seed)))
        return _report(cuts, told, disk.log, folder, wanted)


def _undisturbed(disk: Disk, folder: Path) -> tuple[int, list[Told]]:
    """Run the county on the disk; gives where its log was when the file system was new, and every step."""
    subprocess.run([*_FORMAT, disk.device], check=True)
    told = []
    # What nobody syncs stays in memory for long: that is what makes a cut cruel.
    with mounted(disk.device, folder / "live", "noatime,commit=300") as root:
        begun = disk.position
        here, there = Pipe()
        child = Process(target=_live, args=(root / "home", folder / "inboxes", there))
        child.start()
        there.close()
        while step := here.recv():
            told.append(Told(step[0], disk.position, step[1]))
            here.send(None)
        child.join()
    return begun, told


def _live(home: Path, inboxes: Path, teller: Connection) -> None:
    here = Home(home)
    for name, step in steps(here, inboxes, "live"):
        step()
        teller.send((name, promised(here)))
        teller.recv()
    teller.send(None)


def _cuts(log: Path, begun: int, told: list[Told], count: int, chance: random.Random) -> Iterator[Cut]:
    """After every step, and at random moments: half of them anywhere, half just before or after a flush."""
    for number, one in enumerate(told):
        yield Cut(f"after {one.step}", one.position, None)
        yield Cut(f"after {one.step}", one.position, number)
    places = [place for place in positions(log) if place.end > begun]
    flushes = [number for number, place in enumerate(places) if place.is_flush]
    for number in range(count):
        at = chance.choice(flushes) - number % 2 if number % 4 < 2 else chance.randrange(len(places))
        yield Cut("at random", places[max(at, 0)].end, None if number % 3 == 0 else number)


def _report(cuts: list[Cut], told: list[Told], log: Path, folder: Path, wanted: tuple[str, list[str]]) -> int:
    began, failed, hurt = time.monotonic(), 0, Counter[str]()
    for number, cut in enumerate(cuts, start=1):
        found = _after(cut, told, log, folder)
        hurt.update(found.hurt)
        flaws = [*found.broken, *found.still_hurt, *_strays(found, wanted)]
        is_good = not flaws
        failed += not is_good
        words = "kept" if is_good else f"LOST {flaws}"
        print(
            f"{number:4} {cut.name:24} byte {cut.position:10} {words} {' '.join(sorted(set(found.hurt)))}", flush=True
        )
    minutes = (time.monotonic() - began) / 60
    print(
        f"{len(cuts)} cuts, {failed} lost something; verify named before the next run: {dict(hurt)}; {minutes:.0f} min"
    )
    return 1 if failed else 0


def _strays(found: Found, wanted: tuple[str, list[str]]) -> Iterator[str]:
    """How it ended otherwise; a warehouse made anew where no mail was written yet writes to nobody, as documented."""
    content, written = found.ending
    may_lack = "warehouse_damaged" in found.hurt
    if content != wanted[0] or not (set(written) <= set(wanted[1]) if may_lack else written == wanted[1]):
        yield f"ended as {found.ending}"


def _after(cut: Cut, told: list[Told], log: Path, folder: Path) -> Found:
    """Mount what is left, in a process of its own, and go on."""
    image = folder / "image"
    image_after_cut(log, cut.position, image, None if cut.seed is None else random.Random(cut.seed))
    due = [one.promised for one in told if one.position <= cut.position]
    with mounted(image, folder / "left") as root, ProcessPoolExecutor(1) as apart:
        return apart.submit(_look, cut, due[-1] if due else Promised(), root / "home", folder / "inboxes").result()


def _look(cut: Cut, due: Promised, root: Path, inboxes: Path) -> Found:
    home = Home(root)
    broken = due.broken(home)
    hurt = [one.kind for one in verify(home.installation, [home.county])] if root.exists() else []
    is_damaged = "warehouse_damaged" in hurt
    try:
        if is_damaged:
            mend(home)
        for _, step in steps(home, inboxes, "again"):
            step()
    except UserError as error:
        broken.append(str(error))
    return Found(cut, broken, hurt, [one.kind for one in verify(home.installation, [home.county])], ending(home))


def _ending(log: Path, position: int, folder: Path) -> tuple[str, list[str]]:
    image_after_cut(log, position, folder / "image", None)
    with mounted(folder / "image", folder / "left") as root:
        return ending(Home(root / "home"))


if __name__ == "__main__":
    sys.exit(main())
