"""What takes long to make, made once for all processes that test, instead of once in each."""

from __future__ import annotations

import fcntl
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

Made = TypeVar("Made")


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Made]) -> Made:
    """What ``make`` gives, who fills a folder of its own; only to be looked at, as others do at the same time.

    Whoever comes first makes it while the others wait; if that fails, the next one makes it anew.
    """
    among_workers = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        among_workers = among_workers.parent  # the session's, which ends after all workers
    folder, made = among_workers / name, among_workers / f"{name}.made"
    with (among_workers / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            result = make(folder)
            made.write_bytes(pickle.dumps(result))
            return result
    found: Made = pickle.loads(made.read_bytes())
    return found
