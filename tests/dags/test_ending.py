"""How a run ends: what came of it is noted, and what is red is told once, to a real mail server, until it is mended."""

from __future__ import annotations

import gzip
import http.server
import json
import os
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from minsheng.core.home import Installation
from minsheng.core.layout import begin
from scripts.mail_server import Keeper, mail_server
from tests.dags.conftest import DAGS, ROOT, Airflow

pytestmark = pytest.mark.slow

_NO_OTHERS: Mapping[str, str] = {}

_RUN = f"""
import json
import minsheng_notes
from airflow.dag_processing.dagbag import DagBag
from airflow.models import DagRun
from airflow.utils.session import create_session
dag = DagBag({str(DAGS)!r}).dags[{{dag!r}}]
for task in dag.tasks:
    task.retries = 0  # dag.test would sit out the waits between tries
run = dag.test(run_conf={{conf!r}})
states = {{{{ti.task_id: ti.state for ti in run.get_task_instances()}}}}
with create_session() as session:  # as the scheduler calls the plugin: with a run of its session
    found = session.get(DagRun, run.id)
    minsheng_notes.write_note(found)
    session.flush()
    states |= {{{{"run": run.state, "note": found.note}}}}
print(json.dumps(states))
"""


@contextmanager
def collector() -> Iterator[tuple[dict[str, bytes], dict[str, str]]]:
    """What a collector of OpenTelemetry is sent, by path, while the block lasts; and how Airflow is told of it."""
    collected: dict[str, bytes] = defaultdict(bytes)

    class Receiver(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            is_packed = self.headers.get("Content-Encoding") == "gzip"
            collected[self.path] += gzip.decompress(content) if is_packed else content
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield (
            collected,
            {
                "AIRFLOW__METRICS__OTEL_ON": "True",
                "AIRFLOW__TRACES__OTEL_ON": "True",
                "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
                "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
                "OTEL_TRACES_EXPORTER": "otlp_proto_http",
                "NO_PROXY": "127.0.0.1",
                "no_proxy": "127.0.0.1",
            },
        )
        server.shutdown()


class Place:
    """An installation whose data team has a mail server."""

    def __init__(self, airflow: Airflow, folder: Path, port: int) -> None:
        self.airflow, self.folder = airflow, folder
        self.installation, self.inbox = Installation(folder / "home"), folder / "inbox"
        begin(self.installation.home("lushan"))
        (folder / "contacts.yaml").write_text("data_team: data@lushan.example\n", encoding="utf-8")
        smtp = {
            "conn_type": "smtp",
            "host": "127.0.0.1",
            "port": port,
            "extra": {"disable_tls": True, "disable_ssl": True},
        }
        self.env = {
            "PYTHONPATH": os.pathsep.join([airflow.env["PYTHONPATH"], str(ROOT / "plugins")]),
            "MINSHENG_HOME": str(self.installation.root),
            "MINSHENG_INBOX": str(self.inbox),
            "MINSHENG_CONTACTS": str(folder / "contacts.yaml"),
            "MINSHENG_WATCH_DISK_PERCENT": "0",
            "AIRFLOW_CONN_MINSHENG_SMTP": json.dumps(smtp),
        }

    def run(self, dag: str, settings: Mapping[str, str] = _NO_OTHERS, **conf: str) -> dict[str, str]:
        """The state of each task of a run, and of the run; ``settings`` of this run beside those of the place."""
        ask = self.airflow.python if settings else self.airflow.forked  # Airflow looks for a collector when imported
        states: Any = ask(_RUN.format(dag=dag, conf=conf), **self.env, **settings)
        return dict(states)

    def letters(self) -> list[str]:
        """What the data team was told, each letter as its subject and text; read letters are put away."""
        found = []
        for eml in sorted((self.folder / "mail").glob("*/*.eml")):
            message = message_from_bytes(eml.read_bytes(), policy=default)
            body = message.get_body(("plain",))
            assert body is not None
            found.append(f"{message['Subject']}\n{body.get_content()}")
            eml.unlink()
        return found


@pytest.fixture
def place(airflow: Airflow, tmp_path: Path) -> Iterator[Place]:
    with mail_server(Keeper(tmp_path / "mail"), "127.0.0.1") as port:
        yield Place(airflow, tmp_path, port)


def test_red_is_told_and_mended_and_a_run_notes_what_came_of_it(place: Place) -> None:
    as_of = "2022-03-04T10:00:00+08:00"
    red = place.run("receive_submissions", as_of=as_of)
    assert (red["pull"], red["end"], red["alarm"], red["run"]) == ("failed", "upstream_failed", "failed", "failed")
    (letter,) = place.letters()
    assert "[inbox_missing]" in red["note"]
    assert "任务出错" in letter and "收件目录" in letter and "[inbox_missing]" in letter
    assert "docs/runbook.md#task_red-任务出错" in letter

    for unit in ("CGJ", "RSJ"):
        (place.inbox / unit).mkdir(parents=True)
        (place.inbox / unit / "2月.csv").write_text("不是报表", encoding="utf-8")
    with collector() as (collected, settings):
        green = place.run("receive_submissions", settings, as_of=as_of)
    assert b"lushan" in collected["/v1/traces"] and b"minsheng.rejected" in collected["/v1/traces"]
    assert b"ti.finish" in collected["/v1/metrics"]
    assert (green["end"], green["alarm"], green["run"]) == ("success", "skipped", "success")
    assert green["note"] == "收到 2；退回 2：县城管局、县人力资源和社会保障局"
    place.run("watch")
    (letter,) = place.letters()
    assert "任务出错" in letter and "已恢复" in letter
