"""The whole month, from nothing to the page; and the two ways of doing it, each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bench.delivery import CONTACTS, FOLDER, PERIOD, Homes, run_in
from bench.timing import Comparison, Times, measure
from etl.pipeline import run_stages

REPETITIONS = 3


def main(folder: Path) -> None:
    """Take the delivery through all stages."""
    for _ in run_stages(run_in(folder), PERIOD, FOLDER, CONTACTS):
        pass


def compare_months(homes: Homes) -> Comparison:
    """Each in a new process, so each starts Python and imports Great Expectations once."""
    ours, theirs = (_in_processes(module, homes) for module in ("bench.month", "bench.naive"))
    return Comparison("the whole month", ours, "pandas + GX a file + SQLite", theirs)


def _in_processes(module: str, homes: Homes) -> Times:
    return measure(REPETITIONS, lambda: homes.empty().home.root, lambda folder: _process(module, folder))


def _process(module: str, folder: Path) -> None:
    folder.mkdir()
    environment = os.environ | {"GX_ANALYTICS_ENABLED": "false"}
    command = [sys.executable, "-m", module, str(folder)]
    subprocess.run(command, env=environment, capture_output=True, check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
