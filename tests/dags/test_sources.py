"""Declared sources by Airflow: each is a task, one that is down is red alone, and what comes of the others goes on."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from minsheng.core.home import Home
from minsheng.landing import all_receipts
from tests.dags.conftest import DAGS, ROOT, Airflow

pytestmark = pytest.mark.slow

_SOURCES = """
sources:
  - {{name: 共享目录, kind: folder, where: {folder}/one}}
  - {{name: 残联, kind: folder, where: {folder}/two, unit: CL}}
  - {{name: 市平台, kind: sftp, where: /, connection: city}}
"""
_RUN = f"""
import json
from airflow.dag_processing.dagbag import DagBag
dag = DagBag({str(DAGS)!r}).dags["receive_submissions"]
for task in dag.tasks:
    task.retries = 0
run = dag.test(run_conf={{{{"as_of": {{as_of!r}}}}}})
from airflow.models.asset import AssetEvent, AssetModel
from airflow.utils.session import create_session
with create_session() as session:
    assets = [(one.asset.name, one.extra) for one in session.query(AssetEvent) if one.asset.name.startswith("source/")]
states = [[ti.task_id, ti.rendered_map_index or "", ti.state] for ti in run.get_task_instances()]
print(json.dumps([states, assets]))
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_a_source_that_is_down_is_red_alone(own_airflow: Airflow, tmp_path: Path) -> None:
    for path in ("one/RSJ/1月.csv", "two/1月.csv"):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text("谁的报表,1\n", encoding="utf-8")
    declared = tmp_path / "sources.yaml"
    declared.write_text(_SOURCES.format(folder=tmp_path), encoding="utf-8")
    city = {"conn_type": "sftp", "host": "127.0.0.1", "port": free_port(), "extra": {"host_key": "ssh-rsa AAAA"}}
    told: Any = own_airflow.forked(
        _RUN.format(as_of="2022-02-07T12:00:00+08:00"),
        MINSHENG_SOURCES=str(declared),
        MINSHENG_PLANS=str(ROOT / "plans"),
        AIRFLOW_CONN_CITY=json.dumps(city),
    )
    states = {(task_id, index): state for task_id, index, state in told[0]}
    assert states["pull_folder", "lushan 共享目录"] == states["pull_folder", "lushan 残联"] == "success"
    assert states["pull_sftp", "lushan 市平台"] == "failed"
    assert {states[task_id, "lushan"] for task_id in ("parse", "validate")} == {"success"}
    landed = all_receipts(Home(Path(own_airflow.env["MINSHENG_HOME"]) / "lushan"))
    assert sorted((one.unit_code, one.file_name) for one in landed) == [("CL", "1月.csv"), ("RSJ", "1月.csv")]
    assert sorted(extra["来源"] for _, extra in told[1]) == ["共享目录", "残联"]
