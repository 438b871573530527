"""``make run``: the example deliveries through Airflow's own scheduler, then what came out (docs/adr/0007).

Exit 0: done, or nothing new; 2: a task failed, or something a person must put right; 130: interrupted.
"""

from __future__ import annotations

import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.cells import set_cell_size
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from minsheng.core.codes import Stage
from minsheng.core.counties import county_of
from minsheng.core.errors import UserError
from minsheng.core.home import Home, Installation
from minsheng.core.settings import Settings
from minsheng.flows.pipeline import STAGES
from minsheng.mail.folders import mails
from minsheng.plan.loader import load_plan
from minsheng.plan.models import Plan
from minsheng.views.summary import print_summary, shown
from minsheng.views.terminal import console
from minsheng.words.chinese import chinese
from scripts.airflow_api import DagRun, TaskAttempt
from scripts.airflow_service import AIRFLOW, DAGS, MAIL, Service, airflow_service, local_settings
from scripts.failure import tell_failure
from scripts.local_airflow import ROOT
from scripts.replay import Step, is_all_known, left_to_do, require_home_of_examples, steps

_PLAN = "lushan-2022"
_STEP_SECONDS = 900.0
_LAST = "发完邮件"


class TaskFailedError(Exception):
    """A task is red, or waits to be tried again; among the examples neither is expected."""

    def __init__(self, task: TaskAttempt) -> None:
        self.task = task
        super().__init__(task.task_id)


@dataclass(frozen=True)
class Example:
    """What is replayed, and where it goes."""

    home: Home
    plan: Plan
    steps: Sequence[Step]
    done: Path

    def is_done(self) -> bool:
        """Whether every delivery has landed, and the replay came to its end with what is published now."""
        published = self.home.current.resolve()
        return (
            published.exists()
            and self.done.exists()
            and self.done.read_text(encoding="utf-8") == published.name
            and is_all_known(self.steps, self.home)
        )

    def mark_done(self) -> None:
        """Remember the publication the replay ended with."""
        self.done.write_text(self.home.current.resolve().name, encoding="utf-8")


@dataclass
class Replay:
    """Takes the steps one after the other; the mails they set off may take their time meanwhile."""

    service: Service
    started_at: datetime
    taken: list[DagRun] = field(default_factory=list)

    def take(self, step: Step) -> str:
        """Run one step and the building it sets off; returns in a few words what became of it."""
        api = self.service.api
        run_id = self._run_id(f"{step.as_of:%Y-%m-%dT%H%M}")
        run = api.trigger(step.dag_id, run_id, step.conf, str(step.period) if step.period else None)
        self.taken.append(run)
        self.service.wait(_STEP_SECONDS, step.title, lambda: self._is_over(run, {"build_marts"}))
        told = api.result(run, "open" if step.period else "validate", map_index=0) or {}
        return str(told.get("summary", ""))

    def finish(self, home: Home) -> None:
        """Wait until everything set off by any step has ended, and no mail waits.

        A build writes letters, too. What Airflow has not picked up by then, or an interrupted replay left, is sent now.
        """
        for run in self.taken:
            self.service.wait(_STEP_SECONDS, _LAST, partial(self._is_over, run, DAGS))
        self.service.wait(_STEP_SECONDS, _LAST, self._is_quiet)
        if mails(home, "pending"):
            sending = self.service.api.trigger("send_mail", self._run_id("mails"), {}, None)
            self.service.wait(_STEP_SECONDS, _LAST, partial(self._is_over, sending, DAGS))

    def _run_id(self, of: str) -> str:
        return f"example__{of}__{self.started_at:%Y%m%d%H%M%S}"

    def _is_over(self, run: DagRun, followers: Collection[str]) -> bool:
        """Whether the run, and what its asset events set off of these DAGs, have ended; raises TaskFailedError."""
        self._require_green()
        api = self.service.api
        if not api.run(run.dag_id, run.run_id).is_over:
            return False
        set_off = api.runs_set_off(run)
        return all(made and all(each.is_over or each.dag_id not in followers for each in made) for made in set_off)

    def _is_quiet(self) -> bool:
        """Whether no run of any DAG is waiting or under way; raises TaskFailedError."""
        self._require_green()
        return not self.service.api.open_runs()

    def _require_green(self) -> None:
        for task in self.service.api.tasks_since(self.started_at, "failed", "up_for_retry"):
            raise TaskFailedError(task)

    def seconds(self) -> dict[str, float]:
        """What the tasks took, added up: opening, the stages in the order of the flow, sending."""
        spent: defaultdict[str, float] = defaultdict(float)
        for task in self.service.api.tasks_since(self.started_at):
            spent[task.task_id] += task.seconds
        stages: tuple[Stage, ...] = ("open", *STAGES)
        return {chinese().stage[name]: spent[name] for name in stages} | {"发信": spent["send"]}


def main() -> int:
    """Exit code of ``make run``."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _run()
    except UserError as error:
        console.print(f"[red]{escape(str(error))}[/]", soft_wrap=True)
        return 2
    except TaskFailedError as failure:
        tell_failure(console, failure.task, AIRFLOW.task_log(failure.task))
        return 2
    except KeyboardInterrupt:
        console.print("[yellow]已中断，所有进程已停止；再次运行会从中断处继续。[/]")
        return 130
    return 0


def _run() -> None:
    settings = local_settings()
    example = _example(settings)
    if example.is_done():
        console.print("[green]没有新的报送[/]：示例的各次报送都已接收并发布，结果如下。")
        print_summary(example.home, example.plan, console, {})
    else:
        seconds = _replay(settings, example)
        example.mark_done()
        print_summary(example.home, example.plan, console, seconds)
    console.print(f"{set_cell_size('收到的邮件', 14)}{shown(MAIL)}", soft_wrap=True)


def _example(settings: Settings) -> Example:
    plan = load_plan(ROOT / settings.plans / _PLAN)
    home = Installation(ROOT / settings.home).home(county_of(plan.plan_id))
    all_steps = steps(ROOT / "examples" / plan.plan_id, ZoneInfo(plan.timezone))
    require_home_of_examples(all_steps, home)
    return Example(home, plan, all_steps, AIRFLOW.root / "replayed")


def _replay(settings: Settings, example: Example) -> dict[str, float]:
    begun = time.monotonic()
    with ExitStack() as running:
        with _line("启动 Airflow"):
            service = running.enter_context(airflow_service(settings, is_scheduled=False))
        replay = Replay(service, datetime.now(UTC))
        for step in left_to_do(example.steps, example.home):
            with _line(step.title) as say:
                say(replay.take(step))
        with _line("等待邮件发完"):
            replay.finish(example.home)
        seconds = replay.seconds()
        with _line("停止 Airflow"):
            running.close()
    return seconds | {"合计": time.monotonic() - begun}


@contextmanager
def _line(title: str) -> Iterator[Callable[[str], None]]:
    """One line of progress: a running clock meanwhile, then the time it took and what was said."""
    told: list[str] = []
    begun = time.monotonic()
    running = Progress(SpinnerColumn(), TimeElapsedColumn(), TextColumn(title), console=console, transient=True)
    with running if console.is_terminal else nullcontext():
        running.add_task(title)
        yield told.append
    console.print(f"[green]✓[/] {time.monotonic() - begun:6.1f} s  {title}  {escape(' '.join(told))}", soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
