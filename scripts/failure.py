"""What is shown of a failed task: which one, where its log lies, and the end of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from scripts.airflow_api import TaskAttempt

_LAST_LINES = 12


def tell_failure(console: Console, task: TaskAttempt, log: Path) -> None:
    """Print it."""
    console.print(f"[bold red]任务失败[/] {task.dag_id} / {task.task_id}（运行 {task.run_id}，{task.state}）")
    console.print(f"日志 {log}", soft_wrap=True)
    for line in list(_lines(log))[-_LAST_LINES:]:
        console.print(f"  {escape(line)}", style="dim", soft_wrap=True)


def _lines(log: Path) -> Iterator[str]:
    """The log's JSON lines as text, exceptions as their type and message."""
    if not log.exists():
        return
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            yield line
            continue
        if not str(entry.get("event")).startswith("::"):  # the UI's folding marks
            yield str(entry.get("event"))
        for error in entry.get("error_detail") or ():
            yield f"{error['exc_type']}: {error['exc_value']}"
