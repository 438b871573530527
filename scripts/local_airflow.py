"""Airflow on this machine without docker: its settings, its processes, and what a killed run left behind."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from minsheng.core.clock import ZONE_NAME
from minsheng.core.errors import UserError
from minsheng.core.files import atomic_write
from minsheng.core.settings import Settings
from scripts.airflow_api import TaskAttempt

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
USER = "admin"
_COMPONENTS: dict[str, tuple[str, ...]] = {
    "api-server": ("api-server",),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
}
# Imported once, by the server that workers fork from, instead of by every task: seconds each, most of them Airflow's.
PRELOADED = (
    "airflow.dag_processing.bundles.manager",
    "airflow.dag_processing.dagbag",
    "airflow.executors.local_executor",
    "airflow.providers.smtp.hooks.smtp",
    "airflow.providers.standard.decorators.python",
    "airflow.sdk.execution_time.supervisor",
    "airflow.sdk.execution_time.task_runner",
    "great_expectations",
    "minsheng.flows.preload",
)
_STOP_SECONDS = 8.0
_MARK = "MINSHENG_AIRFLOW_MARK"


@dataclass(frozen=True)
class Folder:
    """``var/airflow``: metadata, logs, password; outlives every run, so that the UI shows all of them."""

    root: Path

    @property
    def logs(self) -> Path:
        """One folder a DAG with a file an attempt, and one file a component."""
        return self.root / "logs"

    @property
    def passwords(self) -> Path:
        """What SimpleAuthManager asks for; readable by the owner only."""
        return self.root / "passwords.json"

    @property
    def metadata(self) -> Path:
        """The address of the metadata, for housekeeping."""
        return self.root / "metadata_uri"

    @property
    def mark(self) -> Path:
        """The mark carried by every process of the newest start."""
        return self.root / "mark"

    @property
    def migrated(self) -> Path:
        """The Airflow version the metadata was last brought up to."""
        return self.root / "migrated"

    def task_log(self, task: TaskAttempt) -> Path:
        """The log of one attempt of a task."""
        folder = self.logs / f"dag_id={task.dag_id}" / f"run_id={task.run_id}" / f"task_id={task.task_id}"
        return (
            folder if task.map_index < 0 else folder / f"map_index={task.map_index}"
        ) / f"attempt={task.attempt}.log"


@contextmanager
def owned(folder: Folder) -> Iterator[None]:
    """Hold the folder alone, and end what an earlier holder left running; raises UserError when it is in use."""
    folder.logs.mkdir(parents=True, exist_ok=True)
    with (folder.root / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError("airflow_running", folder.root) from None
        _kill_marked(folder)
        yield


def password(folder: Folder) -> str:
    """The UI password of this machine, made on first use."""
    if not folder.passwords.exists():
        folder.passwords.touch(mode=0o600)
        folder.passwords.write_text(json.dumps({USER: secrets.token_urlsafe(9)}), encoding="utf-8")
    found: dict[str, str] = json.loads(folder.passwords.read_text(encoding="utf-8"))
    return found[USER]


def free_port(wanted: int = 0) -> int:
    """The wanted port or the next free one above it; 0: any free port."""
    for port in range(wanted, wanted + 50) if wanted else (0,):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            taken: int = probe.getsockname()[1]
            return taken
    raise UserError("ports_taken", f"端口 {wanted}")


def environment(
    folder: Folder, settings: Settings, port: int, smtp_port: int, *, is_scheduled: bool = True
) -> dict[str, str]:
    """The environment of every Airflow process; the rest of Airflow's settings are its defaults."""
    options = _airflow_options(folder, port) | {"MINSHENG__SCHEDULED": str(is_scheduled)}
    smtp = {"conn_type": "smtp", "host": HOST, "port": smtp_port, "extra": {"disable_tls": True, "disable_ssl": True}}
    return (
        dict(os.environ)
        | {f"AIRFLOW__{name}": value for name, value in options.items()}
        | {f"MINSHENG_{name.upper()}": str(value) for name, value in _absolute(settings).items()}
        | {
            "AIRFLOW_HOME": str(folder.root),
            "MINSHENG_METADATA": str(folder.metadata),
            "AIRFLOW_CONN_MINSHENG_SMTP": json.dumps(smtp),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'etl'}",
            "PYTHONWARNINGS": "ignore",
            "NO_PROXY": HOST,
            "no_proxy": HOST,
            # Process titles must not overwrite the environment: the mark is found there.
            "SPT_NOENV": "1",
        }
    )


def prepare(folder: Folder, env: dict[str, str]) -> None:
    """Bring the metadata up to the installed Airflow; no-op when it already is."""
    atomic_write(folder.metadata, f"sqlite:///{folder.root / 'airflow.db'}".encode())
    installed = version("apache-airflow")
    if folder.migrated.exists() and folder.migrated.read_text(encoding="utf-8") == installed:
        return
    log = folder.logs / "db-migrate.log"
    with log.open("w") as output:
        command = ["airflow", "db", "migrate"]
        code = subprocess.run(command, env=env, stdout=output, stderr=subprocess.STDOUT, cwd=ROOT).returncode
    if code:
        raise UserError("airflow_ended", "airflow db migrate", exit_code=code, log=log)
    atomic_write(folder.migrated, installed.encode())


@contextmanager
def processes(
    folder: Folder, env: dict[str, str], *, has_triggerer: bool = False
) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """The running components, by name, each with its output in a log file; all are stopped on the way out.

    Nothing of ours waits in a triggerer: it is there so that Airflow's home page shows nothing red.
    """
    components = _COMPONENTS | ({"triggerer": ("triggerer", "--skip-serve-logs")} if has_triggerer else {})
    mark = secrets.token_hex(16)
    atomic_write(folder.mark, mark.encode())
    started: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, arguments in components.items():
            started[name] = _start(folder, name, arguments, env | {_MARK: mark})
        yield started
    finally:
        _stop(folder, list(started.values()))


def _airflow_options(folder: Folder, port: int) -> dict[str, str]:
    url = f"http://{HOST}:{port}"
    return {
        "API__BASE_URL": url,
        "API__HOST": HOST,
        "API__PORT": str(port),
        "API__INSTANCE_NAME": "民生实事",
        "CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "CORE__DEFAULT_TIMEZONE": ZONE_NAME,
        "CORE__EXECUTOR": "LocalExecutor",
        "CORE__LOAD_EXAMPLES": "False",
        "CORE__MP_FORKSERVER_PRELOAD": ",".join(PRELOADED),
        "CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "CORE__PARALLELISM": "4",
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(folder.passwords),
        "CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "LOGGING__BASE_LOG_FOLDER": str(folder.logs),
        "LOGGING__NAMESPACE_LEVELS": "great_expectations=WARNING",
        "SCHEDULER__MP_START_METHOD": "forkserver",
        "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.1",
        # Seconds after which a process is looked after that has ended just after its last words; the default is 5, and
        # a task that was skipped counts as running until then.
        "WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
    }


def _absolute(settings: Settings) -> dict[str, object]:
    values = settings.model_dump(exclude_none=True)
    return {name: ROOT / value if isinstance(value, Path) else value for name, value in values.items()}


def _start(folder: Folder, name: str, arguments: tuple[str, ...], env: dict[str, str]) -> subprocess.Popen[bytes]:
    with (folder.logs / f"{name}.log").open("wb") as output:
        return subprocess.Popen(
            ["airflow", *arguments],
            env=env,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches us alone, and we stop them in order
        )


def _stop(folder: Folder, started: list[subprocess.Popen[bytes]]) -> None:
    for process in started:
        process.terminate()
    deadline = time.monotonic() + _STOP_SECONDS
    for process in started:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    _kill_marked(folder)


def _kill_marked(folder: Folder) -> None:
    """End every process that carries the newest mark, whoever its parent is by now."""
    if not folder.mark.exists():
        return
    wanted = f"{_MARK}={folder.mark.read_text(encoding='utf-8')}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                os.kill(int(entry.name), signal.SIGKILL)
        except OSError:  # gone meanwhile, or another user's
            continue
