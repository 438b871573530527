"""The dashboard in a real Superset: imported, asked for three months, kept from other files, through ten publications.

Not among the tests: ``make superset`` sets up Superset in an environment of its own (900 MB, minutes) and runs this.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from minsheng.core.declarations import ROOT
from minsheng.core.period import Period
from minsheng.publication.revisions import open_revision, require_current
from minsheng.publication.superset import ADDRESS, Database, dashboard
from minsheng.stages.build import build
from minsheng.warehouse.connection import open_warehouse
from tests.bi.conftest import Publisher
from tests.county import open_months

SUPERSET = Path(os.environ.get("SUPERSET_VENV", ROOT / "var" / "superset"))
MONTHS = {"2022-01": 0.1, "2022-02": 0.2, "2022-06": 0.6}
PUBLICATIONS = 10
_PATIENCE = 300.0
_CONFIG = """
SECRET_KEY = "only of this test, forty-two characters long"
SQLALCHEMY_DATABASE_URI = "sqlite:///{folder}/superset.db"
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
PREVENT_UNSAFE_DB_CONNECTIONS = False
"""

pytestmark = pytest.mark.skipif(not (SUPERSET / "bin" / "superset").exists(), reason="no Superset: run make superset")


@dataclass(frozen=True)
class Superset:
    """A running Superset, and the token of its administrator."""

    url: str
    token: str = ""

    def ask(self, path: str, content: Mapping[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        """Status and answer of a request; a POST where there is content."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        body = json.dumps(content).encode() if content is not None else None
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"{}")

    def dataset(self, table: str) -> int:
        status, answer = self.ask("dataset/?q=(page_size:100)")
        assert status == 200, answer
        return next(int(one["id"]) for one in answer["result"] if one["table_name"] == table)

    def rows(self, table: str, query: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What a chart would get."""
        source = {"id": self.dataset(table), "type": "table"}
        asked = {"row_limit": 1000, "columns": [], "filters": [], **query}
        content = {"datasource": source, "queries": [asked], "result_format": "json", "force": True}
        status, answer = self.ask("chart/data", content)
        assert status == 200, answer
        return list(answer["result"][0]["data"])


@pytest.fixture(scope="module")
def half_year(built: Publisher, tmp_path_factory: pytest.TempPathFactory) -> Publisher:
    """Six months, in each of which every indicator scores what bears the month's number."""
    publisher = built.copied_to(tmp_path_factory.mktemp("half_year") / "home")
    open_months(publisher.run, *(Period(2022, month) for month in range(2, 7)))
    publisher = replace(publisher, run=replace(publisher.run, run_id="six"))
    build(publisher.run)
    with open_warehouse(publisher.run.home.warehouse) as connection:
        connection.execute(
            "update published.pub_indicator_completion_v1 set scored_ratio = cast(right(period, 1) as integer) / 10.0"
        )
    publisher.publish(1)
    return publisher


@pytest.fixture(scope="module")
def superset(half_year: Publisher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Superset]:
    folder = tmp_path_factory.mktemp("superset")
    (folder / "superset_config.py").write_text(_CONFIG.format(folder=folder), encoding="utf-8")
    environment = os.environ | {
        "SUPERSET_CONFIG_PATH": str(folder / "superset_config.py"),
        "SUPERSET_HOME": str(folder),
        "FLASK_APP": "superset",
        "TZ": "Asia/Shanghai",
    }
    address = ADDRESS.format(database=half_year.current / "marts.duckdb")
    with open_revision(require_current(half_year.run.home)) as connection:
        (folder / "minsheng.zip").write_bytes(dashboard(connection, Database(address, "main")))
    program = str(SUPERSET / "bin" / "superset")
    admin = "fab create-admin --username admin --firstname a --lastname b --email a@example.com --password admin"
    for arguments in ("db upgrade", admin, "init", f"import-dashboards -p {folder}/minsheng.zip -u admin"):
        subprocess.run([program, *arguments.split()], env=environment, check=True, capture_output=True, timeout=900)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen([program, "run", "-p", str(port)], env=environment, stdout=log, stderr=log)
        try:
            yield _logged_in(Superset(f"http://127.0.0.1:{port}"))
        finally:
            server.terminate()
            server.wait()


def _logged_in(superset: Superset) -> Superset:
    """As soon as it answers."""
    said = {"username": "admin", "password": "admin", "provider": "db", "refresh": False}
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            status, answer = superset.ask("security/login", said)
        except urllib.error.URLError:
            assert time.monotonic() < deadline, "Superset does not answer"
            time.sleep(1)
            continue
        assert status == 200, answer
        return replace(superset, token=answer["access_token"])


def test_the_dashboard_is_there_with_all_its_charts(superset: Superset) -> None:
    status, answer = superset.ask("dashboard/minsheng/charts")
    assert status == 200
    assert len(answer["result"]) == 15


def test_every_chart_is_answered(superset: Superset) -> None:
    _, answer = superset.ask("dashboard/minsheng/charts")
    for chart in answer["result"]:
        params = chart["form_data"]
        table, column = params["datasource"].split("__")[0], params.get("x_axis")
        measures = params.get("metrics") or ([params["metric"]] if "metric" in params else [])
        columns = params.get("all_columns") or [*params.get("groupby", ()), *([column] if column else ())]
        filters = [
            {"col": one["subject"], "op": one["operator"], "val": one["comparator"]} for one in params["adhoc_filters"]
        ]
        query: dict[str, Any] = {"columns": columns, "filters": filters, "row_limit": 1000}
        query |= {"metrics": measures} if measures else {}
        source = {"id": int(table), "type": "table"}
        status, told = superset.ask("chart/data", {"datasource": source, "queries": [query], "result_format": "json"})
        assert status == 200, (chart["slice_name"], told)


@pytest.mark.parametrize("month", MONTHS)
def test_a_month_that_is_chosen_is_that_month(superset: Superset, month: str) -> None:
    query = {"columns": ["period"], "metrics": ["score"], "filters": [{"col": "period", "op": "==", "val": month}]}
    (row,) = superset.rows("pub_indicator_completion_v1", query)
    assert (row["period"], row["score"]) == (month, pytest.approx(MONTHS[month]))


def test_june_on_the_time_axis_is_june(superset: Superset) -> None:
    span = {"col": "period_start", "op": "TEMPORAL_RANGE", "val": "2022-06-01 : 2022-07-01"}
    rows = superset.rows(
        "pub_indicator_completion_v1", {"columns": ["period"], "metrics": ["indicator_count"], "filters": [span]}
    )
    assert [(row["period"], row["indicator_count"]) for row in rows] == [("2022-06", 32)]


def test_an_administrator_reads_no_file_of_the_server(superset: Superset) -> None:
    _, databases = superset.ask("database/")
    for query in ("select * from read_text('/etc/passwd')", "copy (select 1) to 'out.csv'"):
        asked = {"database_id": databases["result"][0]["id"], "sql": query, "schema": "main", "runAsync": False}
        status, answer = superset.ask("sqllab/execute/", asked)
        assert status >= 400, answer
        assert "root:" not in json.dumps(answer)


def test_ten_publications_pass_without_an_error_or_a_mixture(superset: Superset, half_year: Publisher) -> None:
    said = [
        {"label": name, "expressionType": "SQL", "sqlExpression": f"{name}(revision_no)"} for name in ("min", "max")
    ]
    for number in range(2, 2 + PUBLICATIONS):
        half_year.publish(number)
        (row,) = superset.rows("pub_indicator_completion_v1", {"metrics": said})
        assert (row["min"], row["max"]) == (number, number)
