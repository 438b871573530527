"""Reading a workbook in a process of its own, which may run out of memory or time without harm to ours.

A new interpreter and no fork: whoever calls this may hold a database open, with threads of its own.
"""

from __future__ import annotations

import pickle
import resource
import signal
import subprocess
import sys

from etl.reader.features import OverBudgetError, heavy
from etl.reader.workbook import Grid, read_grids
from etl.repository import ROOT

_LIMITS = ((resource.RLIMIT_AS, 450 << 20), (resource.RLIMIT_CPU, 10), (resource.RLIMIT_CORE, 0))
# How a process ends that wants more than its limits: calamine aborts when it gets no memory.
_TOO_MUCH = (-signal.SIGABRT, -signal.SIGXCPU, -signal.SIGKILL)


def read_apart(content: bytes) -> tuple[tuple[Grid, ...], str]:
    """As ``read_grids``; a file that takes more than 450 MB or 10 s is ``too_large``, one that kills is ``damaged``."""
    command = (sys.executable, "-m", "etl.reader.apart")
    child = subprocess.run(command, input=content, capture_output=True, cwd=ROOT, check=False)
    if child.returncode < 0:
        return (), "too_large" if child.returncode in _TOO_MUCH else "damaged"
    if child.returncode > 0:
        raise RuntimeError(f"{' '.join(command)}: {child.stderr.decode(errors='replace')}")
    grids: tuple[tuple[Grid, ...], str] = pickle.loads(child.stdout)
    return grids


def _main() -> None:
    content = sys.stdin.buffer.read()
    for limit, most in _LIMITS:
        _lower(limit, most)
    sys.stdout.buffer.write(pickle.dumps(_read(content)))


def _read(content: bytes) -> tuple[tuple[Grid, ...], str]:
    try:
        return read_grids(content, heavy())
    except OverBudgetError as refused:
        return (), refused.reading


def _lower(limit: int, most: int) -> None:
    hard = resource.getrlimit(limit)[1]
    bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(limit, (bound, hard))


if __name__ == "__main__":
    _main()
