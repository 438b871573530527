"""The part of Airflow's REST API the example run needs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import httpx

_PAGE = 100


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

    @classmethod
    def read(cls, fields: dict[str, Any]) -> Self:
        """From an answer of the API."""
        return cls(fields["dag_id"], fields.get("dag_run_id") or fields["run_id"], fields["state"])


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
    """A session with one API server."""

    def __init__(self, url: str) -> None:
        # Loopback only: a proxy in the environment must not see it.
        self._client = httpx.Client(base_url=url, trust_env=False, timeout=30)

    def is_up(self) -> bool:
        """Whether the server answers and the scheduler is alive."""
        try:
            answer = self._client.get("/api/v2/monitor/health", timeout=2)
        except httpx.TransportError:
            return False
        return answer.is_success and answer.json()["scheduler"]["status"] == "healthy"

    def log_in(self, user: str, password: str) -> None:
        """Every later call is made as this user."""
        answer = self._client.post("/auth/token", json={"username": user, "password": password})
        self._client.headers["Authorization"] = f"Bearer {answer.raise_for_status().json()['access_token']}"

    def dag_ids(self) -> set[str]:
        """The DAGs Airflow has read so far."""
        return {dag["dag_id"] for dag in self._get("/dags")["dags"]}

    def import_errors(self) -> list[str]:
        """What keeps DAG files from being read."""
        return [f"{error['filename']}: {error['stack_trace']}" for error in self._get("/importErrors")["import_errors"]]

    def make_pool(self, name: str, slots: int, description: str) -> None:
        """No-op when there is one of this name."""
        pool = {"name": name, "slots": slots, "description": description}
        if self._client.post("/api/v2/pools", json=pool).status_code != httpx.codes.CONFLICT:
            self._get(f"/pools/{name}")

    def trigger(self, dag_id: str, run_id: str, conf: dict[str, str], partition_key: str | None) -> DagRun:
        """Start a run."""
        body = {"dag_run_id": run_id, "logical_date": None, "conf": conf, "partition_key": partition_key}
        return DagRun.read(self._checked(self._client.post(f"/api/v2/dags/{dag_id}/dagRuns", json=body)))

    def run(self, dag_id: str, run_id: str) -> DagRun:
        """A run as it stands."""
        return DagRun.read(self._get(f"/dags/{dag_id}/dagRuns/{run_id}"))

    def open_runs(self) -> list[DagRun]:
        """All runs that are queued or running."""
        answer = self._get("/dags/~/dagRuns", state=["queued", "running"], limit=_PAGE)
        return [DagRun.read(fields) for fields in answer["dag_runs"]]

    def give_up(self, run: DagRun, note: str) -> None:
        """Mark a run failed that nobody works on any more."""
        body = {"state": "failed", "note": note}
        self._checked(self._client.patch(f"/api/v2/dags/{run.dag_id}/dagRuns/{run.run_id}", json=body))

    def runs_set_off(self, run: DagRun) -> list[list[DagRun]]:
        """For each asset event of a run, the runs it set off; an empty list: not picked up yet."""
        source: dict[str, Any] = {"source_dag_id": run.dag_id, "source_run_id": run.run_id, "limit": _PAGE}
        answer = self._client.get("/api/v2/assets/events", params=source)
        if answer.is_server_error:  # Airflow 3.3 stumbles over a run that is made and has not begun
            return [[]]
        events = self._checked(answer)["asset_events"]
        return [[DagRun.read(made) for made in event["created_dagruns"]] for event in events]

    def tasks_since(self, moment: datetime, *states: str) -> list[TaskAttempt]:
        """The tasks of all runs that began at or after a moment, and are in one of the states, if any are named."""
        wanted = {"start_date_gte": moment.isoformat(), "state": list(states), "limit": _PAGE}
        found: list[TaskAttempt] = []
        while True:
            page = self._get("/dags/~/dagRuns/~/taskInstances", offset=len(found), **wanted)
            found += [_task(fields) for fields in page["task_instances"]]
            if not page["task_instances"] or len(found) >= page["total_entries"]:
                return found

    def result(self, run: DagRun, task_id: str) -> Any:
        """What a task returned; None: nothing."""
        path = f"/dags/{run.dag_id}/dagRuns/{run.run_id}/taskInstances/{task_id}/xcomEntries/return_value"
        answer = self._client.get(f"/api/v2{path}", params={"deserialize": "true"})
        return answer.json()["value"] if answer.is_success else None

    def _get(self, path: str, **parameters: Any) -> dict[str, Any]:
        return self._checked(self._client.get(f"/api/v2{path}", params=parameters))

    @staticmethod
    def _checked(answer: httpx.Response) -> dict[str, Any]:
        found: dict[str, Any] = answer.raise_for_status().json()
        return found


def every(seconds: float, until: float) -> Iterator[None]:
    """Come back every so many seconds; TimeoutError when ``until`` more have passed."""
    deadline = time.monotonic() + until
    while time.monotonic() < deadline:
        yield
        time.sleep(seconds)
    raise TimeoutError


def _task(fields: dict[str, Any]) -> TaskAttempt:
    return TaskAttempt(
        fields["dag_id"],
        fields["dag_run_id"],
        fields["task_id"],
        fields["map_index"],
        fields["try_number"],
        fields["state"],
        fields["duration"] or 0.0,
    )
