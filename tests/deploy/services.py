"""The services of a department's server as processes: PostgreSQL, a broker, two Celery workers, triggerer, log-in.

``make services``; no part of ``make test``: it takes minutes. Processes are killed in the midst of a month, and it ends
as one that nobody disturbed.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from types import MappingProxyType

import httpx
import psycopg2
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from minsheng.backup.manifest import read_manifest, require_whole
from minsheng.backup.restoring import find_backup
from minsheng.core.declarations import ROOT
from minsheng.core.home import Home, Installation
from minsheng.verify import verify
from scripts.airflow_api import Api, DagRun
from scripts.mail_server import Keeper, mail_server
from tests.deploy.servers import HOST, Services, airflow_env, free_port, make_users, redis_server, services
from tests.postgres import postgres_in, programs

ARRIVED = "2022-02-07T17:30:00+08:00"
OPENED = "2022-02-01T08:00:00+08:00"
UNITS = ("CGJ", "CMCC", "GAJ", "RSJ", "JYTYJ", "ZJJ")
POOLS = [
    "warehouse",
    *(f"source_{kind}" for kind in ("folder", "sftp", "ftp", "ftps", "webdav", "http", "s3", "smb", "imap")),
]
_RUN_SECONDS = 400.0
_START_SECONDS = 300.0
COMPONENTS = {
    "api-server": ("airflow", "api-server"),
    "scheduler": ("airflow", "scheduler", "--skip-serve-logs"),
    "dag-processor": ("airflow", "dag-processor"),
    "triggerer": ("airflow", "triggerer", "--skip-serve-logs"),
    "worker-1": ("airflow", "celery", "worker", "--skip-serve-logs", "--celery-hostname", "one"),
    "worker-2": ("airflow", "celery", "worker", "--skip-serve-logs", "--celery-hostname", "two"),
}


class Counting(Keeper):
    """A mail server that remembers each time it took a mail, by recipient and number."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.taken: list[tuple[str, str]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        number = str(message_from_bytes(envelope.original_content or b"")["Message-ID"])
        self.taken += [(recipient, number) for recipient in envelope.rcpt_tos]
        return await super().handle_DATA(server, session, envelope)


@dataclass(frozen=True)
class Server:
    """A running deployment, entered as the data team."""

    airflow: Services
    api: Api
    folder: Path
    database: str
    mails: Counting

    @property
    def home(self) -> Home:
        return Installation(self.folder / "home").home("lushan")

    def take(self, dag_id: str, conf: dict[str, str], period: str | None = None) -> DagRun:
        return self.api.trigger(dag_id, f"test__{dag_id}__{time.time_ns()}", conf, period)

    def until_over(self, run: DagRun) -> str:
        """How a run ended, and all that it set off."""

        def is_over() -> bool:
            made = [each for event in self.api.runs_set_off(run) for each in event]
            return all(self.api.run(each.dag_id, each.run_id).is_over for each in (run, *made))

        self.airflow.wait(run.dag_id, is_over, _RUN_SECONDS)
        return self.api.run(run.dag_id, run.run_id).state

    def until_task(self, task_id: str, since: datetime) -> None:
        """Until a task of this name is being done."""
        self.airflow.wait(
            task_id, lambda: any(task.task_id == task_id for task in self.api.tasks_since(since, "running")), 200
        )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory) as server:
        yield server


@contextmanager
def served(
    tmp_path_factory: pytest.TempPathFactory, writers: int = 1, more: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Server]:
    """A deployment brought up; ``writers``: tasks that may write warehouses at once, ``more``: settings."""
    folder = tmp_path_factory.mktemp("server")
    with ExitStack() as stack:
        postgres = stack.enter_context(postgres_in(tmp_path_factory.mktemp("postgres")))
        postgres.psql("create database airflow;")
        database = postgres.get_uri(database="airflow").replace("postgresql://", "postgresql+psycopg2://")
        mails = Counting(folder / "mail")
        smtp_port = stack.enter_context(mail_server(mails, HOST))
        airflow = stack.enter_context(services(folder, deployment(folder, database, smtp_port) | dict(more)))
        yield Server(airflow, brought_up(airflow, writers), folder, database, mails)


def deployment(folder: Path, database: str, smtp_port: int) -> dict[str, str]:
    """What every process is told; its files are written, and the inbox is made."""
    smtp = {"conn_type": "smtp", "host": HOST, "port": smtp_port, "extra": {"disable_tls": True, "disable_ssl": True}}
    (folder / "connections.json").write_text(json.dumps({"minsheng_smtp": smtp}), encoding="utf-8")
    (folder / "metadata_uri").write_text(database, encoding="utf-8")
    (folder / "inbox").mkdir()
    broker = free_port()
    port = free_port()
    return airflow_env(folder, port, database) | {
        "AIRFLOW__CELERY__BROKER_URL": f"redis://:secret@{HOST}:{broker}/0",
        "AIRFLOW__CELERY__RESULT_BACKEND": f"db+{database}",
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(folder / "logs"),
        "AIRFLOW__MINSHENG__SCHEDULED": "False",
        "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_PORT": str(free_port()),
        "MINSHENG_BACKUPS": str(folder / "backups"),
        "MINSHENG_CONTACTS": str(ROOT / "examples" / "contacts.yaml"),
        "MINSHENG_INBOX": str(folder / "inbox"),
        "MINSHENG_METADATA": str(folder / "metadata_uri"),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), str(programs()), os.environ["PATH"]]),
        "BROKER_PORT": str(broker),
    }


def brought_up(airflow: Services, writers: int = 1) -> Api:
    """The broker and every component, ready to be asked as the data team, whom the answer logs in."""
    start_broker(airflow)
    airflow.call("airflow", "db", "migrate")
    airflow.call("airflow", "sync-perm")
    for name, command in COMPONENTS.items():
        airflow.start(name, *command)
    api_url = airflow.env["AIRFLOW__API__BASE_URL"]
    api = Api(api_url)
    airflow.wait("api-server", lambda: httpx.get(f"{api_url}/api/v2/monitor/health").is_success, _START_SECONDS)
    airflow.wait("scheduler", api.is_up, _START_SECONDS)
    make_users(airflow, api_url, operator="数据组")
    api.log_in("admin", "adminadmin")
    for pool in POOLS:
        api.make_pool(pool, writers if pool == "warehouse" else 4, pool)
    api.log_in("operator", "operatoroperator")
    airflow.wait("DAGs", lambda: "build_marts" in api.dag_ids() and not api.import_errors(), _START_SECONDS)
    return api


def start_broker(airflow: Services) -> None:
    port = airflow.env["BROKER_PORT"]
    airflow.start("broker", redis_server(), "--port", port, "--requirepass", "secret", "--save", "", "--bind", HOST)
    airflow.wait("broker", lambda: is_answered(int(port)))


def is_answered(port: int) -> bool:
    with socket.create_connection((HOST, port)):
        return True


def deliver(server: Server, units: tuple[str, ...]) -> None:
    for unit in units:
        source = ROOT / "examples" / "lushan-2022" / "2022-02-07T1730" / unit
        shutil.copytree(source, server.folder / "inbox" / unit)


def test_a_month_in_which_every_process_is_killed_once(server: Server) -> None:
    assert server.until_over(server.take("open_period", {"as_of": OPENED}, "2022-01")) == "success"
    deliver(server, UNITS)
    began = datetime.now(UTC)
    run = server.take("receive_submissions", {"as_of": ARRIVED})
    lasted: dict[str, float] = {}

    server.until_task("validate", began)
    for name in ("worker-1", "worker-2"):
        server.airflow.kill(name)
        server.airflow.start(name, *COMPONENTS[name])
    server.airflow.kill("broker")
    start_broker(server.airflow)
    at = time.monotonic()
    server.until_task("load", began)
    lasted["workers and broker"] = time.monotonic() - at

    server.airflow.kill("scheduler")
    server.airflow.start("scheduler", *COMPONENTS["scheduler"])
    server.airflow.kill("api-server")
    server.airflow.start("api-server", *COMPONENTS["api-server"])
    at = time.monotonic()
    server.until_over(run)
    lasted["scheduler and api-server"] = time.monotonic() - at
    print(json.dumps({name: round(seconds) for name, seconds in lasted.items()}))

    assert verify(server.home.installation, ["lushan"]) == []
    assert content(server.home) == undisturbed(server)
    told = Counter(server.mails.taken)
    assert {mail for mail, times in told.items() if times > 1} == set()
    assert {name for name, _ in told} >= {f"{unit.lower()}@lushan.example" for unit in UNITS}


def content(home: Home) -> str:
    """What readers see, as a hash."""
    return home.current.resolve().name.split("-")[1]


def undisturbed(server: Server) -> str:
    """What readers see of the same month taken through all stages at once, in another home."""
    env = {"MINSHENG_HOME": str(server.folder / "other")}
    base = [sys.executable, "-m", "minsheng", "run", "--plan", str(ROOT / "plans" / "lushan-2022")]
    options = ["--period", "2022-01", "--home", env["MINSHENG_HOME"]]
    (server.folder / "empty").mkdir()
    for inbox, moment in (("empty", OPENED), ("inbox", ARRIVED)):
        server.airflow.call(*base, *options, "--inbox", str(server.folder / inbox), "--as-of", moment)
    return content(Installation(server.folder / "other").home("lushan"))


def test_housekeeping_reaches_the_database_from_a_worker(server: Server) -> None:
    with psycopg2.connect(server.database.replace("+psycopg2", "")) as connection, connection.cursor() as cursor:
        cursor.execute("insert into log (dttm, event) values ('2020-01-01', 'old')")
    assert server.until_over(server.take("housekeeping", {})) == "success"
    folder = find_backup(server.folder / "backups")
    require_whole(folder, read_manifest(folder))
    assert (folder / "metadata" / "airflow.dump").stat().st_size > 10_000
    with psycopg2.connect(server.database.replace("+psycopg2", "")) as connection, connection.cursor() as cursor:
        cursor.execute("select count(*) from log where event = 'old'")
        assert cursor.fetchone() == (0,)


def test_every_component_ends_when_it_is_asked_to(server: Server) -> None:
    for process in server.airflow.running.values():
        process.send_signal(signal.SIGTERM)
    for name, process in server.airflow.running.items():
        assert process.wait(60) is not None, name
