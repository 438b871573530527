"""A second process, a real one, that has a database open."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SCRIPT = """
import sys
import duckdb
with duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "read"):
    print("open", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def holding(database: Path, mode: str = "write") -> Iterator[subprocess.Popen[str]]:
    """A process that has the database open, to ``write`` or to ``read``, until it is sent a line or the block ends."""
    command = [sys.executable, "-c", _SCRIPT, str(database), mode]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdin is not None
        assert process.stdout.readline() == "open\n"
        try:
            yield process
        finally:
            if process.returncode is None:
                process.communicate("\n")
