"""Airflow of this machine, started, ready and tidied: what ``make run`` and ``make up`` have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from subprocess import Popen
from typing import get_args

from minsheng.core.errors import UserError
from minsheng.core.settings import Settings, read_settings
from minsheng.source.declared import SourceKind
from scripts.airflow_api import Api, every
from scripts.local_airflow import (
    HOST,
    ROOT,
    USER,
    Folder,
    environment,
    free_port,
    owned,
    password,
    prepare,
    processes,
)
from scripts.mail_server import Keeper, mail_server

DAGS = frozenset(
    {
        "open_period",
        "receive_submissions",
        "build_marts",
        "send_mail",
        "chase_units",
        "watch",
        "housekeeping",
        "issue_bulletin",
    }
)
AIRFLOW = Folder(ROOT / "var" / "airflow")
MAIL = ROOT / "var" / "mail"
_EXAMPLE_CONTACTS = ROOT / "examples" / "contacts.yaml"
_LOOK_SECONDS = 0.2
_SOURCES_AT_ONCE = 4
_START_SECONDS = 180.0
_INTERRUPTED = "上次运行中断，未完成；已收到的文件会由之后的运行继续处理"


@dataclass(frozen=True)
class Service:
    """A running Airflow."""

    url: str
    api: Api
    components: Mapping[str, Popen[bytes]]

    def assert_running(self) -> None:
        """Raises UserError naming the component that ended and its log."""
        for name, process in self.components.items():
            if process.poll() is not None:
                log = AIRFLOW.logs / f"{name}.log"
                raise UserError("airflow_ended", f"airflow {name}", exit_code=process.returncode, log=log)

    def wait(self, seconds: float, what: str, is_reached: Callable[[], bool]) -> None:
        """Until ``is_reached``; raises UserError when a component ends or the time is over."""
        try:
            for _ in every(_LOOK_SECONDS, seconds):
                self.assert_running()
                if is_reached():
                    return
        except TimeoutError:
            raise UserError("airflow_too_slow", what, seconds=round(seconds), folder=AIRFLOW.logs) from None


@contextmanager
def airflow_service(settings: Settings, port: int = 0, *, is_scheduled: bool = True) -> Iterator[Service]:
    """Airflow with our DAGs and a mail server, ready for runs; everything is stopped on the way out.

    Not ``is_scheduled``: files are received only when asked for, not every hour.
    """
    with owned(AIRFLOW), mail_server(Keeper(MAIL), HOST) as smtp_port:
        port = free_port(port)
        secret = password(AIRFLOW)
        env = environment(AIRFLOW, settings, port, smtp_port, is_scheduled=is_scheduled)
        prepare(AIRFLOW, env)
        with processes(AIRFLOW, env, has_triggerer=is_scheduled) as components:
            url = f"http://{HOST}:{port}"
            service = Service(url, Api(url), components)
            _make_ready(service, secret)
            yield service


def local_settings() -> Settings:
    """The settings of this machine, with the folders a first run finds missing made.

    Where no contacts are named the example's serve: its addresses are nobody's, and mails stay on this machine.
    """
    settings = read_settings()
    for folder in (settings.home, settings.inbox):
        (ROOT / folder).mkdir(parents=True, exist_ok=True)
    return settings if settings.contacts else settings.model_copy(update={"contacts": _EXAMPLE_CONTACTS})


def _make_ready(service: Service, secret: str) -> None:
    api = service.api
    service.wait(_START_SECONDS, "启动 Airflow", api.is_up)
    api.log_in(USER, secret)
    # Before the DAGs are waited for: no task of ours may start without its pool.
    api.make_pool("warehouse", 1, "DuckDB 仓库只能由一个任务写入")
    for kind in get_args(SourceKind):
        api.make_pool(f"source_{kind}", _SOURCES_AT_ONCE, f"同时取件的 {kind} 来源")
    service.wait(_START_SECONDS, "读取 DAG 文件", lambda: _are_dags_read(api))
    for run in api.open_runs():
        api.give_up(run, _INTERRUPTED)


def _are_dags_read(api: Api) -> bool:
    if errors := api.import_errors():
        raise UserError("dag_broken", "DAG 文件", reason=errors[0])
    return api.dag_ids() >= DAGS
