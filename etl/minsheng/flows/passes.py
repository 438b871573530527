"""Whether a run has anything to do for a county between pull and publication, or the last pass of today did it all.

Asked before processes are started that read workbooks and judge: most hours bring nothing. The first run of a day
always makes a pass, and so does whoever asks Airflow for one (docs/adr/0047).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from stat import S_ISDIR, S_ISLNK

from minsheng.core.clock import county_time
from minsheng.core.declarations import code_version
from minsheng.core.files import atomic_write
from minsheng.core.notes import Note, UnreadableError
from minsheng.mail.contacts import Contacts
from minsheng.plan.run import Run
from minsheng.publication.revisions import current
from minsheng.stages.load import months_out_of_date
from minsheng.stages.parse import unparsed
from minsheng.warehouse.connection import open_to_read

_UNJUDGED = "select count(*) from staging.stg_unjudged where not is_waiting"


@dataclass(frozen=True)
class _Pass:
    """One pass: on which day, over what, by which run, whether it came to its end, and what it left."""

    day: date
    over: str
    run_id: str
    is_over: bool = False
    left: str = ""


_NOTE = Note(_Pass)


def begin_pass(run: Run, beside: Iterable[Path] = (), known: str = "", made: Iterable[Path] = ()) -> bool:
    """Note that a pass begins over all that is received by now; False: there is none to be made.

    ``beside``: files and folders outside the home that decide what is made of it, such as contacts and plans;
    ``known``: the same as text. ``made``: what must be as the last pass left it.
    """
    over = _digest([run.home.landing, *beside], f"{code_version()} {known}")
    passing = _Pass(county_time(run.as_of).date(), over, run.run_id)
    last = _last(run)
    is_same = last is not None and last.is_over and (last.day, last.over) == (passing.day, passing.over)
    if is_same and last and (not made or last.left == _digest(made)) and not _has_work(run):
        return False
    atomic_write(_path(run), _NOTE.written(passing))
    return True


def end_pass(run: Run, made: Iterable[Path] = ()) -> None:
    """Note that the pass this run began has come to its end, and what it made; no-op where it began none."""
    last = _last(run)
    if last and last.run_id == run.run_id:
        atomic_write(_path(run), _NOTE.written(replace(last, is_over=True, left=_digest(made) if made else "")))


def begin_whole_pass(run: Run, contacts: Contacts | None) -> bool:
    """The same for a run that goes on to publication and pages: all of these must stand as the last pass left them."""
    plans = [plan.sha256 for plan in run.county.plans]
    return begin_pass(run, known=f"{plans} {contacts} {run.wording}", made=_made(run)) or not _is_published(run)


def end_whole_pass(run: Run) -> None:
    """Note that the pass this run began has come to its end; no-op where it began none."""
    end_pass(run, _made(run))


def _made(run: Run) -> list[Path]:
    return [run.home.published, run.home.reports]


def _is_published(run: Run) -> bool:
    """Whether readers find a publication, and all of it."""
    shown = (current(run.home), current(run.home.installation))
    return all(one is not None and one.is_whole for one in shown)


def _has_work(run: Run) -> bool:
    """Whether a file waits to be read or judged, or a month to be published, also by what time alone has brought."""
    with open_to_read(run.home.warehouse) as connection:
        (unjudged,) = connection.execute(_UNJUDGED).fetchone() or (0,)
        return bool(unjudged or unparsed(run, connection) or months_out_of_date(connection, run))


def _digest(paths: Iterable[Path], known: str = "") -> str:
    """Of the names, sizes and times of all files there: a file that is written has another time."""
    lines = (line for path in paths for line in _listed(path))
    return hashlib.sha256("\n".join([known, *lines]).encode()).hexdigest()


def _listed(path: Path) -> Iterator[str]:
    for each in sorted([path, *path.rglob("*")]):
        with suppress(FileNotFoundError):
            found = each.lstat()
            name = each.relative_to(path.parent)
            if S_ISLNK(found.st_mode):
                to = each.stat() if each.is_file() else found  # contacts may be a link to what is written elsewhere
                yield f"{name} {each.readlink()} {to.st_size} {to.st_mtime_ns}"
            elif not S_ISDIR(found.st_mode):
                yield f"{name} {found.st_size} {found.st_mtime_ns}"


def _last(run: Run) -> _Pass | None:
    with suppress(UnreadableError):
        return _NOTE.read(_path(run))
    return None


def _path(run: Run) -> Path:
    return run.home.installation.watch / "passes" / f"{run.home.county}.json"
