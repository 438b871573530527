"""How a run ends: what came of it is noted, and when something is red the data team is told, once for each cause.

By last tasks and not by callbacks of the DAG, which misfire where a task before the failed one is mapped. The watch
knows from the note how each DAG ran last, also when Airflow answers nobody (docs/adr/0039).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

from airflow.sdk import BaseNotifier, Context, get_current_context, task
from airflow.sdk.exceptions import AirflowNotFoundException

from minsheng_faults import FAULT, NeedsPerson
from minsheng_mail import mail_server
from minsheng_wiring import installation, now, settings

if TYPE_CHECKING:
    from minsheng.mail.server import Server
    from minsheng.watch.runs import RunEnd, TaskFault

log = logging.getLogger("minsheng")
_UNEXPLAINED = "任务中断，没有留下原因；请看它的日志"
_RED = ("failed", "upstream_failed")


class DataTeamNotifier(BaseNotifier):
    """Writes down what failed in a run, and mails what of it the data team does not know yet.

    A county that wants to be told by other means puts a notifier of its own beside it.
    """

    def notify(self, context: Context) -> None:
        """Called once a run, by its last task."""
        from minsheng.watch.flow import tell_of_runs

        watched = tell_of_runs(installation(), settings(), server_if_any(), now())
        for why in watched.unsent:
            log.warning("告警邮件没有发出：%s", why)


def end_of_run(*tasks: Any) -> None:
    """Last tasks: one that notes what came of the run and, when any of these is red, one that tells and is red too.

    Airflow takes the colour of a run from its last tasks alone.
    """
    ended, told = end(), alarm()
    for each in tasks:
        each >> ended
    ended >> told


@task(task_display_name="收尾", trigger_rule="none_failed")
def end() -> str:
    """What came of the run, noted and logged as its last line."""
    ended = _note("success", ())
    _keep_boards()
    log.info("%s：%s", ended.title, ended.note or "没有要做的")
    return ended.note


# It waits for all the others: ``end`` is left out only when all before it are done.
@task(task_display_name="告警", trigger_rule="one_failed", on_failure_callback=None)
def alarm() -> None:
    """The data team is told of what is red."""
    context = get_current_context()
    ended = _note("failed", tuple(_faults(context)))
    DataTeamNotifier().notify(context)
    _keep_boards()
    told = "；".join(f"“{fault.title}”：{fault.line}" for fault in ended.faults)
    log.error("变红的原因：%s → 处理后清除变红的任务（含下游）；docs/runbook.md#%s", told, ended.dag_id)
    raise NeedsPerson(told)


def server_if_any() -> Server | None:
    """The mail server of the connection; None: there is no such connection, or mails are only rehearsed."""
    if settings().mail_dry_run:
        return None
    try:
        return mail_server()
    except AirflowNotFoundException:
        return None


def note_of(
    context: Context, state: Literal["success", "failed"], note: str, faults: tuple[TaskFault, ...] = ()
) -> RunEnd:
    """Write down how this run ended."""
    from minsheng.watch.runs import RunEnd, note_run

    ended_at, dag_run = now(), context["dag_run"]
    seconds = (ended_at - dag_run.start_date).total_seconds() if dag_run.start_date else 0.0
    dag = context["dag"]
    title = dag.dag_display_name.lstrip("①②③④⑤⑥⑦⑧ ")
    key = dag_run.partition_key
    period = key if key and len(key) == len("2022-01") else None
    ended = RunEnd(dag.dag_id, title, dag_run.run_id, state, ended_at, seconds, note, faults, period)
    note_run(installation(), ended)
    return ended


def _keep_boards() -> None:
    """The pages of the counties that this run has worked on; those of others are as they were."""
    from minsheng.flows.boards import keep_boards

    handed_on = (each for each in _told() if isinstance(each, Mapping))
    counties = {county for each in handed_on for county in each.get("done", ())}
    keep_boards(installation(), settings(), now(), counties)


def _told() -> list[Any]:
    """What every task of the run handed on; null for one that did not."""
    context: Any = get_current_context()
    return list(context["ti"].xcom_pull(task_ids=sorted(context["dag"].task_ids)) or ())


def _note(state: Literal["success", "failed"], faults: tuple[TaskFault, ...]) -> RunEnd:
    return note_of(get_current_context(), state, "；".join(_notes(_told())), faults)


def _notes(told: Iterable[Any]) -> Iterator[str]:
    """What came of it, each thing once."""
    found = (line for each in told if isinstance(each, Mapping) for line in each.get("note", ()))
    yield from dict.fromkeys(found)


def _faults(context: Any) -> Iterator[TaskFault]:
    """Every task that failed, with its last words."""
    from minsheng.mail.folders import without_addresses
    from minsheng.watch.runs import TaskFault

    dag, ti = context["dag"], context["ti"]
    said = [each for each in ti.xcom_pull(task_ids=sorted(dag.task_ids), key=FAULT) if each]
    for each in said:
        title = dag.get_task(each["task_id"]).task_display_name
        yield TaskFault(each["task_id"], title, without_addresses(each["line"]), each["county"])
    states = ti.get_task_states(dag.dag_id, run_ids=[context["dag_run"].run_id])
    for task_id in dag.task_ids:
        is_red = any(_is_of(key, task_id) and state == "failed" for key, state in _states(states))
        if is_red and all(each["task_id"] != task_id for each in said):
            yield TaskFault(task_id, dag.get_task(task_id).task_display_name, _UNEXPLAINED)


def _states(states: Mapping[str, Mapping[str, str | None]]) -> Iterator[tuple[str, str | None]]:
    for of_run in states.values():
        yield from of_run.items()


def _is_of(key: str, task_id: str) -> bool:
    """Whether a state is of a task, or of one that is mapped: ``load``, ``load_3``."""
    return key == task_id or key.removeprefix(f"{task_id}_").isdecimal()
