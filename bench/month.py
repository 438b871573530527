"""The whole month, from nothing to the page, and the naive one; each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.delivery import FOLDER, Homes, run_in
from bench.home import take_month
from bench.timing import Amounts, Comparison, milliseconds, tell
from minsheng.core.collector import collect_rarely
from minsheng.validation.expectations import prepare

_REPETITIONS = 3
# What a process says of itself at its end: milliseconds of its work alone and of all, and its largest memory in MB.
_Said = tuple[float, float, float]


def main(folder: Path) -> None:
    """Import what the month needs, then take the delivery through all stages."""
    collect_rarely()
    prepare()
    tell(milliseconds(lambda: take_month(run_in(folder))))


def compare_months(homes: Homes) -> Iterator[Comparison]:
    """Each in a new process, so each starts Python and imports Great Expectations once."""
    turns = [(_process("bench.month", homes), _process("bench.naive", homes)) for _ in range(_REPETITIONS)]
    ours, theirs = ([*zip(*each, strict=True)] for each in zip(*turns, strict=True))
    yard = "pandas + GX a file + SQLite"
    yield Comparison("the whole month, from nothing", Amounts(ours[1]), yard, Amounts(theirs[1]), 0.6)
    yield Comparison("the same without imports", Amounts(ours[0]), yard, Amounts(theirs[0]), 0.2)
    yield Comparison("its largest memory", Amounts(ours[2]), yard, Amounts(theirs[2]), None, "MB")


def _process(module: str, homes: Homes) -> _Said:
    """Run it in an empty home; raises RuntimeError when it fails."""
    folder = homes.empty().home.root
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", module, str(folder), str(FOLDER)]
    environment = os.environ | {"GX_ANALYTICS_ENABLED": "false"}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout and process.stderr
        said, complaint = process.stdout.read(), process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{module} failed:\n{complaint}")
    return float(said.splitlines()[-1]), (usage.ru_utime + usage.ru_stime) * 1000, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]))
