"""The note of a DAG run says what came of it, as its last task wrote it down: ``收到 12；退回 2：卫健委、残联``.

A task cannot write the note of its run; the scheduler, which calls this when a run is over, can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.listeners import hookimpl

if TYPE_CHECKING:
    from airflow.models import DagRun

_LONGEST = 1000


@hookimpl
def on_dag_run_success(dag_run: DagRun, msg: str) -> None:
    """Called when a run ended well."""
    write_note(dag_run)


@hookimpl
def on_dag_run_failed(dag_run: DagRun, msg: str) -> None:
    """Called when a run ended red."""
    write_note(dag_run)


def write_note(dag_run: DagRun) -> None:
    """No-op for a run to which somebody has written a note, or whose last task left none."""
    from minsheng.core.home import Installation
    from minsheng.core.settings import read_settings
    from minsheng.watch.runs import last_run

    ended = last_run(Installation(read_settings().home), dag_run.dag_id)
    if ended is None or ended.run_id != dag_run.run_id or dag_run.note:
        return
    if told := ended.note or "；".join(f"“{fault.title}”：{fault.line}" for fault in ended.faults):
        dag_run.note = told[:_LONGEST]
