"""Whether an hour has anything to do for a county between pull and publication, or the last pass of today did it all.

Asked before processes are started that read workbooks and judge: most hours bring nothing. The first hour of a day
always makes a pass, and so does whoever asks for one (docs/adr/0047).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from minsheng.core.clock import county_time
from minsheng.core.files import atomic_write
from minsheng.core.notes import Note, UnreadableError
from minsheng.plan.run import Run
from minsheng.stages.load import months_out_of_date
from minsheng.stages.parse import unparsed
from minsheng.warehouse.connection import open_to_read

_UNJUDGED = "select count(*) from staging.stg_unjudged where not is_waiting"


@dataclass(frozen=True)
class _Pass:
    """One pass: on which day, over what, by which run, and whether it came to its end."""

    day: date
    over: str
    run_id: str
    is_over: bool = False


_NOTE = Note(_Pass)


def begin_pass(run: Run, beside: Iterable[Path]) -> bool:
    """Note that a pass begins over all that is received by now; False: there is none to be made.

    ``beside``: files and folders outside the home that decide what is made of it, such as contacts and plans.
    """
    passing = _Pass(county_time(run.as_of).date(), _digest([run.home.landing, *beside]), run.run_id)
    last = _last(run)
    is_same = last is not None and last.is_over and (last.day, last.over) == (passing.day, passing.over)
    if is_same and not _has_work(run):
        return False
    atomic_write(_path(run), _NOTE.written(passing))
    return True


def end_pass(run: Run) -> None:
    """Note that the pass this run began has come to its end; no-op where it began none."""
    last = _last(run)
    if last and last.run_id == run.run_id:
        atomic_write(_path(run), _NOTE.written(replace(last, is_over=True)))


def _has_work(run: Run) -> bool:
    """Whether a file waits to be read or judged, or a month to be published, also by what time alone has brought."""
    with open_to_read(run.home.warehouse) as connection:
        (unjudged,) = connection.execute(_UNJUDGED).fetchone() or (0,)
        return bool(unjudged or unparsed(run, connection) or months_out_of_date(connection, run))


def _digest(paths: Iterable[Path]) -> str:
    """Of the names, sizes and times of all files there: a file that is written has another time."""
    return hashlib.sha256("\n".join(line for path in paths for line in _listed(path)).encode()).hexdigest()


def _listed(path: Path) -> Iterator[str]:
    for each in sorted([path, *path.rglob("*")]):
        with suppress(FileNotFoundError):
            if not each.is_dir():
                found = each.stat()
                yield f"{each} {found.st_size} {found.st_mtime_ns}"


def _last(run: Run) -> _Pass | None:
    with suppress(UnreadableError):
        return _NOTE.read(_path(run))
    return None


def _path(run: Run) -> Path:
    return run.home.installation.watch / "passes" / f"{run.home.county}.json"
