"""How the last run of each DAG ended, noted by its last task: known without asking Airflow, also when that is dead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from pydantic import AwareDatetime

from minsheng.core.files import atomic_write
from minsheng.core.home import Installation
from minsheng.core.notes import Note, UnreadableError

# Of so many runs the seconds are kept, to tell a slow one from others.
_REMEMBERED = 20


@dataclass(frozen=True)
class TaskFault:
    """A task that failed; ``line``: its last words, ``county`` null: of all, or of none."""

    task_id: str
    title: str
    line: str
    county: str | None = None


@dataclass(frozen=True)
class RunEnd:
    """How a run ended, and ``note``: what came of it."""

    dag_id: str
    title: str
    run_id: str
    state: Literal["success", "failed"]
    ended_at: AwareDatetime
    seconds: float
    note: str = ""
    faults: tuple[TaskFault, ...] = ()
    period: str | None = None


@dataclass(frozen=True)
class DagRecord:
    """The last run of a DAG, and how many seconds the last ones took, newest last."""

    last: RunEnd
    seconds: tuple[float, ...]


_RECORD = Note(DagRecord)


def note_run(installation: Installation, end: RunEnd) -> None:
    """Note the end of a run; one that ended before the last one known changes nothing."""
    path = installation.watch / "runs" / f"{end.dag_id}.json"
    before = _read(installation, end.dag_id)
    if before and before.last.ended_at > end.ended_at:
        return
    seconds = (*(before.seconds if before else ()), end.seconds)[-_REMEMBERED:]
    atomic_write(path, _RECORD.written(DagRecord(end, seconds)))


def dag_records(installation: Installation) -> Iterator[DagRecord]:
    """What is noted of each DAG; a note that cannot be read is passed over, and written anew by the next run."""
    for path in sorted((installation.watch / "runs").glob("*.json")):
        if record := _read(installation, path.stem):
            yield record


def last_run(installation: Installation, dag_id: str) -> RunEnd | None:
    """How a DAG ran last; None: it has not, or what was noted cannot be read."""
    record = _read(installation, dag_id)
    return record.last if record else None


def _read(installation: Installation, dag_id: str) -> DagRecord | None:
    with suppress(UnreadableError):
        return _RECORD.read(installation.watch / "runs" / f"{dag_id}.json")
    return None
