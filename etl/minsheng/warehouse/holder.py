"""Who holds a database file: DuckDB names the process in its refusal, the system knows the rest."""

from __future__ import annotations

import re
from pathlib import Path

# How DuckDB refuses a file that another process has locked, in any 1.x.
_HELD = "Could not set lock on file"
_WIDTH = 200
_PID = re.compile(r"\(?PID (\d+)\)?")


def is_held(words: str) -> bool:
    """Whether DuckDB's words say that another process has the file open."""
    return _HELD in words


def holder(words: str) -> str:
    """The process that DuckDB's refusal names: number, command and user, as far as the system tells."""
    named = _PID.search(words)
    if named is None or named[1] == "0":
        return "a process of another machine or container"
    process = Path("/proc") / named[1]
    told = [f"process {named[1]}", _command(process), _user(process)]
    return ", ".join(filter(None, told))


def _command(process: Path) -> str:
    try:
        words = (process / "cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
    except OSError:  # it has ended meanwhile, or is hidden from us
        return ""
    return f"`{' '.join(words.split())[:_WIDTH]}`"


def _user(process: Path) -> str:
    try:
        return f"user {process.owner()}"
    except (OSError, KeyError):  # the same, or a number without a name
        return ""
