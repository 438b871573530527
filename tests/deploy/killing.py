"""Processes that are killed at random moments, and how much memory each of them takes meanwhile."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

_SAMPLE_SECONDS = 10.0


def processes_of(folder: Path) -> Iterator[tuple[int, str]]:
    """Every process that was told of this folder, with its title; none of another test's, and not this one."""
    mark = f"AIRFLOW_HOME={folder}\0".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (entry / "environ").read_bytes() + b"\0":
                yield int(entry.name), (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")


def kill(pid: int) -> bool:
    """End a process at once; whether it was there."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        return True
    return False


class Killer(threading.Thread):
    """Calls one of ``ways`` after each random pause until it has been told to stop; ``ways``: by name, with a weight.

    A way gives whether it found anything to kill. What it raises is told by ``failure``: then the trial is void.
    """

    def __init__(
        self, seed: int, mean_seconds: float, ways: Mapping[str, tuple[float, Callable[[random.Random], bool]]]
    ) -> None:
        super().__init__(daemon=True)
        self.chance, self.mean_seconds, self.ways = random.Random(seed), mean_seconds, ways
        self.killed: Counter[str] = Counter()
        self.failure: Exception | None = None
        self._stopped = threading.Event()

    def run(self) -> None:
        names = list(self.ways)
        while not self._stopped.wait(self.chance.uniform(0.2, 1.8) * self.mean_seconds):
            (name,) = self.chance.choices(names, [self.ways[each][0] for each in names])
            try:
                if self.ways[name][1](self.chance):
                    self.killed[name] += 1
            except Exception as error:
                self.failure = error
                return

    def stop(self) -> None:
        self._stopped.set()
        self.join()


class Scales(threading.Thread):
    """The resident memory of each process of our own, in MB, looked at every ten seconds."""

    def __init__(self, roots: Callable[[], Mapping[str, int]]) -> None:
        super().__init__(daemon=True)
        self.roots = roots
        self.seen: dict[str, list[tuple[float, float]]] = defaultdict(list)
        self._stopped = threading.Event()

    def run(self) -> None:
        while not self._stopped.wait(_SAMPLE_SECONDS):
            for name, pid in self.roots().items():
                with suppress(OSError, StopIteration):
                    self.seen[f"{name}:{pid}"].append((time.monotonic(), _megabytes(pid)))

    def stop(self) -> None:
        self._stopped.set()
        self.join()

    def longest(self) -> Iterator[tuple[str, float, float, float, float]]:
        """Of each component the process that lived longest: minutes, MB soon after its start, at its end, at most."""
        by_name: dict[str, list[tuple[float, float]]] = {}
        for key, samples in self.seen.items():
            name = key.partition(":")[0]
            by_name[name] = max(by_name.get(name, []), samples, key=len)
        for name, samples in sorted(by_name.items()):
            settled = samples[min(6, len(samples) - 1)][1]
            minutes = (samples[-1][0] - samples[0][0]) / 60
            yield name, minutes, settled, samples[-1][1], max(megabytes for _, megabytes in samples)


def _megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024
