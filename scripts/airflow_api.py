"""What the example run asks of Airflow's REST API, through Airflow's own client."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
from airflow_client import client
from airflow_client.client.exceptions import ApiException, ConflictException, NotFoundException, ServiceException
from urllib3.exceptions import HTTPError

_PAGE = 100
_LOOK_SECONDS = 2.0


@dataclass(frozen=True)
class DagRun:
    """One run of a DAG."""

    dag_id: str
    run_id: str
    state: str

    @property
    def is_over(self) -> bool:
        """Nothing more will happen in it."""
        return self.state in ("success", "failed")


@dataclass(frozen=True)
class TaskAttempt:
    """The newest attempt of one task, or of one mapped instance, of a run."""

    dag_id: str
    run_id: str
    task_id: str
    map_index: int
    attempt: int
    state: str | None
    seconds: float


class Api:
    """A session with one API server on this machine; no proxy of the environment sees it."""

    def __init__(self, url: str) -> None:
        self._settings = client.Configuration(host=url, proxy="")
        self._client = client.ApiClient(self._settings)
        self._runs = client.DagRunApi(self._client)

    def is_up(self) -> bool:
        """Whether the server answers and the scheduler is alive."""
        try:
            health = client.MonitorApi(self._client).get_health(_request_timeout=_LOOK_SECONDS)
        except (HTTPError, ApiException):
            return False
        return health.scheduler.status == "healthy"

    def log_in(self, user: str, password: str) -> None:
        """Every later call is made as this user; the client itself knows no log-in."""
        said = {"username": user, "password": password}
        answer = httpx.post(f"{self._settings.host}/auth/token", json=said, trust_env=False).raise_for_status()
        self._settings.access_token = answer.json()["access_token"]

    def dag_ids(self) -> set[str]:
        """The DAGs Airflow has read so far."""
        return {dag.dag_id for dag in client.DAGApi(self._client).get_dags(limit=_PAGE).dags}

    def import_errors(self) -> list[str]:
        """What keeps DAG files from being read."""
        errors = client.ImportErrorApi(self._client).get_import_errors(limit=_PAGE).import_errors
        return [f"{error.filename}: {error.stack_trace}" for error in errors]

    def make_pool(self, name: str, slots: int, description: str) -> None:
        """No-op when there is one of this name."""
        body = client.PoolBody(name=name, slots=slots, description=description)
        with suppress(ConflictException):
            client.PoolApi(self._client).post_pool(body)

    def trigger(self, dag_id: str, run_id: str, conf: dict[str, str], partition_key: str | None) -> DagRun:
        """Start a run."""
        body = client.TriggerDAGRunPostBody(
            dag_run_id=run_id, logical_date=None, conf=conf, partition_key=partition_key
        )
        return _run(self._runs.trigger_dag_run(dag_id, body))

    def run(self, dag_id: str, run_id: str) -> DagRun:
        """A run as it stands."""
        return _run(self._runs.get_dag_run(dag_id, run_id))

    def open_runs(self) -> list[DagRun]:
        """All runs that are queued or running."""
        return [_run(run) for run in self._runs.get_dag_runs("~", state=["queued", "running"], limit=_PAGE).dag_runs]

    def failed_runs(self) -> list[DagRun]:
        """All runs that ended red, and were not cleared since."""
        return [_run(run) for run in self._runs.get_dag_runs("~", state=["failed"], limit=_PAGE).dag_runs]

    def give_up(self, run: DagRun, note: str) -> None:
        """Mark a run failed that nobody works on any more."""
        body = client.DAGRunPatchBody(state=client.DagRunMutableStates.FAILED, note=note)
        self._runs.patch_dag_run(run.dag_id, run.run_id, body)

    def clear(self, run: DagRun) -> None:
        """Have what failed in a run done again, and what waited for it."""
        self._runs.clear_dag_run(run.dag_id, run.run_id, client.DAGRunClearBody(dry_run=False, only_failed=True))

    def runs_set_off(self, run: DagRun) -> list[list[DagRun]]:
        """For each asset event of a run, the runs it set off; an empty list: not picked up yet."""
        try:
            answer = client.AssetApi(self._client).get_asset_events(
                source_dag_id=run.dag_id, source_run_id=run.run_id, limit=_PAGE
            )
        except ServiceException:  # Airflow 3.3 stumbles over a run that is made and has not begun
            return [[]]
        return [
            [DagRun(made.dag_id, made.run_id, made.state) for made in event.created_dagruns]
            for event in answer.asset_events
        ]

    def tasks_since(self, moment: datetime, *states: str) -> list[TaskAttempt]:
        """The tasks of all runs that began at or after a moment, and are in one of the states, if any are named."""
        tasks = client.TaskInstanceApi(self._client)
        found: list[TaskAttempt] = []
        while True:
            page = tasks.get_task_instances(
                "~", "~", start_date_gte=moment, state=list(states) or None, limit=_PAGE, offset=len(found)
            )
            found += [_attempt(task) for task in page.task_instances]
            if not page.task_instances or len(found) >= (page.total_entries or 0):
                return found

    def result(self, run: DagRun, task_id: str, map_index: int = -1) -> Any:
        """What a task returned, of a mapped one that at ``map_index``; None: nothing."""
        entries = client.XComApi(self._client)
        try:
            entry = entries.get_xcom_entry(
                run.dag_id, task_id, run.run_id, "return_value", map_index=map_index, deserialize=True
            )
        except NotFoundException:
            return None
        return entry.actual_instance.value if entry.actual_instance else None


def every(seconds: float, until: float) -> Iterator[None]:
    """Come back every so many seconds; TimeoutError when ``until`` more have passed."""
    deadline = time.monotonic() + until
    while time.monotonic() < deadline:
        yield
        time.sleep(seconds)
    raise TimeoutError


def _run(run: client.DAGRunResponse) -> DagRun:
    return DagRun(run.dag_id, run.dag_run_id, run.state.value)


def _attempt(task: client.TaskInstanceResponse) -> TaskAttempt:
    state = task.state.value if task.state else None
    return TaskAttempt(
        task.dag_id, task.dag_run_id, task.task_id, task.map_index, task.try_number, state, task.duration or 0.0
    )
