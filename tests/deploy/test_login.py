"""Who may do what in Airflow on a server, asked of a real api-server with the settings of the deployment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.deploy.servers import HOST, airflow_env, free_port, make_users, services, token

pytestmark = pytest.mark.slow

ROLES = {"leader": "查看", "supervisor": "督查", "operator": "数据组"}
EVERYBODY = frozenset(ROLES)
NOBODY: frozenset[str] = frozenset()
OPERATOR = frozenset({"operator"})


@dataclass(frozen=True)
class Asked:
    """A request, and which of the three may make it."""

    allowed: frozenset[str]
    method: str
    path: str
    body: dict[str, Any] | None = None


_APPROVED = """
from airflow.sdk import DAG
dag = DAG("approved", schedule=None, access_control={"督查": {"DAGs": {"can_read", "can_edit"}}})
"""
_RUN = "/dags/{dag}/dagRuns/some/taskInstances/approve/-1"
_APPROVAL = {"chosen_options": ["Approve"], "params_input": {}}
REQUESTS = [
    Asked(EVERYBODY, "GET", "/api/v2/dags"),
    Asked(EVERYBODY, "GET", "/api/v2/dags/~/dagRuns"),
    Asked(EVERYBODY, "GET", "/api/v2/dags/~/dagRuns/~/hitlDetails"),
    Asked(EVERYBODY, "GET", "/api/v2/dags/build_marts/dagRuns/some/taskInstances/build/logs/1"),
    Asked(EVERYBODY, "GET", "/api/v2/importErrors"),
    Asked(EVERYBODY, "GET", "/minsheng/"),
    Asked(EVERYBODY, "GET", "/minsheng/lushan/reports/lushan-2022/2022-01.html"),
    Asked(OPERATOR, "POST", "/api/v2/dags/build_marts/dagRuns", {"logical_date": None}),
    Asked(OPERATOR, "POST", "/api/v2/dags/build_marts/clearTaskInstances", {"dry_run": False}),
    Asked(OPERATOR, "PATCH", "/api/v2/dags/build_marts", {"is_paused": True}),
    Asked(OPERATOR, "POST", "/api/v2/assets/1/materialize"),
    Asked(OPERATOR, "POST", "/api/v2/backfills", {"dag_id": "open_period", "from_date": "2022-01-01T00:00:00Z",
          "to_date": "2022-01-02T00:00:00Z"}),
    Asked(OPERATOR, "GET", "/api/v2/eventLogs"),
    Asked(frozenset({"supervisor"}), "PATCH", f"/api/v2{_RUN.format(dag='approved')}/hitlDetails", _APPROVAL),
    Asked(NOBODY, "PATCH", f"/api/v2{_RUN.format(dag='build_marts')}/hitlDetails", _APPROVAL),
    Asked(NOBODY, "DELETE", "/api/v2/dags/build_marts"),
    Asked(NOBODY, "GET", "/api/v2/connections"),
    Asked(NOBODY, "GET", "/api/v2/variables"),
    Asked(NOBODY, "GET", "/api/v2/config"),
    Asked(NOBODY, "GET", "/api/v2/dagSources/build_marts"),
    Asked(NOBODY, "PATCH", "/api/v2/pools/default_pool", {"name": "default_pool", "slots": 1}),
    Asked(NOBODY, "GET", "/auth/fab/v1/users"),
    Asked(NOBODY, "POST", "/auth/fab/v1/users", {"username": "another"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An api-server that knows one DAG, which waits for 督查; what is asked of others is asked of what is not there."""
    folder, port = tmp_path_factory.mktemp("airflow"), free_port()
    env = airflow_env(folder, port, f"sqlite:///{folder / 'airflow.db'}")
    (folder / "dags").mkdir()
    (folder / "dags" / "approved.py").write_text(_APPROVED, encoding="utf-8")
    (folder / "connections.json").write_text("{}")
    with services(folder, env | {"AIRFLOW__CORE__DAGS_FOLDER": str(folder / "dags")}) as airflow:
        airflow.call("airflow", "db", "migrate")
        address = f"http://{HOST}:{port}"
        airflow.start("api-server", "airflow", "api-server")
        airflow.wait("api-server", lambda: httpx.get(f"{address}/api/v2/monitor/health").is_success)
        airflow.call("airflow", "dags", "reserialize")
        make_users(airflow, address, **ROLES)
        yield address


@pytest.fixture(scope="module")
def headers(url: str) -> dict[str, dict[str, str]]:
    return {name: token(url, name) for name in ROLES}


@pytest.mark.parametrize("asked", REQUESTS, ids=lambda asked: f"{asked.method} {asked.path}")
def test_what_a_role_may_not_do_it_cannot(url: str, headers: dict[str, dict[str, str]], asked: Asked) -> None:
    def status(header: dict[str, str]) -> int:
        return httpx.request(asked.method, url + asked.path, headers=header, json=asked.body).status_code

    answers = {name: status(header) for name, header in headers.items()}
    assert {name for name, code in answers.items() if code != 403} == asked.allowed
    assert set(answers.values()) <= {200, 403, 404, 422}
    assert status({}) == 401


def test_a_wrong_password_lets_nobody_in(url: str) -> None:
    for name in ("operator", "nobody"):
        answer = httpx.post(f"{url}/auth/token", json={"username": name, "password": "wrong"})
        assert (answer.status_code, "access_token" in answer.text) == (401, False)


def test_the_page_to_log_in_on_is_chinese(url: str) -> None:
    page = httpx.get(f"{url}/auth/login/", follow_redirects=True).text
    assert all(word in page for word in ("登录", "用户名", "密码"))
