"""The whole month, from nothing to the page; and the two ways of doing it, each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

from bench.delivery import CONTACTS, FOLDER, PERIOD, Homes, run_in
from bench.timing import Comparison, Preparation, compare
from minsheng.flows.pipeline import run_stages


def main(folder: Path) -> None:
    """Take the delivery through all stages."""
    for _ in run_stages(run_in(folder), PERIOD, FOLDER, CONTACTS):
        pass


def compare_months(homes: Homes) -> Comparison:
    """Each in a new process, so each starts Python and imports Great Expectations once."""
    ours, theirs = _in_a_process("bench.month", homes), _in_a_process("bench.naive", homes)
    return compare("the whole month, from nothing", ours, "pandas + GX a file + SQLite", theirs, repetitions=3)


def _in_a_process(module: str, homes: Homes) -> Preparation:
    return lambda: partial(_process, module, homes.empty().home.root)


def _process(module: str, folder: Path) -> None:
    folder.mkdir()
    environment = os.environ | {"GX_ANALYTICS_ENABLED": "false"}
    command = [sys.executable, "-m", module, str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{module} failed:\n{done.stderr}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
