"""An Airflow of its own for these tests: SQLite metadata in a temporary folder, our DAGs, one home."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.local_airflow import PRELOADED
from tests.sharing import made_once

ROOT = Path(__file__).resolve().parents[2]
DAGS = ROOT / "dags"
BIN = Path(sys.executable).parent

# A script, its environment and where its output goes come in a line, its exit code goes out in another.
_FORKING = f"""
import asyncio, importlib, json, os, sys, traceback

async def ask():  # has the server inside made ready that tasks speak to: it takes seconds, at the first question
    import httpx
    from airflow.sdk.execution_time.supervisor import in_process_api_server

    async with httpx.AsyncClient(transport=in_process_api_server().atransport, base_url="http://inside") as client:
        await client.get("/nowhere")

def run(script, env, said, complained):
    for number, path in ((1, said), (2, complained)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.environ.update(env)
    sys.path[1:1] = env["PYTHONPATH"].split(os.pathsep)
    from airflow import settings

    settings.configure_vars()
    settings.configure_orm()
    exec(compile(script, "<script>", "exec"), {{"__name__": "__main__"}})

answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # Airflow prints what it logs
for name in {PRELOADED!r}:
    importlib.import_module(name)
asyncio.run(ask())
for line in sys.stdin:
    if not (child := os.fork()):
        code = 1
        try:
            run(**json.loads(line))
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), file=answers, flush=True)
"""


class Forking:
    """A process that has Airflow and all of ours imported, which takes longer than most scripts do; forks run them."""

    def __init__(self, env: dict[str, str]) -> None:
        self._env = env
        self._process: subprocess.Popen[str] | None = None

    def run(self, script: str, env: dict[str, str], folder: Path) -> str:
        """What a script printed; it must end well. ``folder``: where its output may lie."""
        said, complained = folder / "said", folder / "complained"
        pipe = self._started()
        assert pipe.stdin and pipe.stdout
        asked = {"script": script, "env": env, "said": str(said), "complained": str(complained)}
        print(json.dumps(asked), file=pipe.stdin, flush=True)
        code = pipe.stdout.readline()
        assert code == "0\n", said.read_text()[-4000:] + complained.read_text()[-4000:]
        return said.read_text(encoding="utf-8")

    def end(self) -> None:
        """End the process."""
        if self._process:
            self._process.communicate()

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            command = [sys.executable, "-c", _FORKING]
            self._process = subprocess.Popen(
                command, env=self._env, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        return self._process


class Airflow:
    """Runs Python and the airflow command in an environment where only our DAGs exist.

    In processes of its own: Airflow configures logging, warnings and the database at import, for good.
    """

    def __init__(self, folder: Path, forking: Forking | None = None) -> None:
        self.folder = folder
        self._forking = forking
        self.env = os.environ | {
            "AIRFLOW_HOME": str(folder),
            "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "etl"), str(DAGS)]),
            "PYTHONWARNINGS": "ignore",
            "MINSHENG_PLANS": str(ROOT / "plans"),
            "MINSHENG_HOME": str(folder / "home"),
            "MINSHENG_INBOX": str(folder / "inbox"),
        }

    def command(self, *arguments: str) -> str:
        """What an airflow command printed; it must end well."""
        return self._run([str(BIN / "airflow"), *arguments], {})

    def minsheng(self, command: str, *arguments: str) -> str:
        """What a command of ours printed; it must end well."""
        home = ("--home", self.env["MINSHENG_HOME"])
        inbox = ("--inbox", self.env["MINSHENG_INBOX"])
        return self._run([sys.executable, "-m", "minsheng", command, *home, *inbox, *arguments], {})

    def python(self, script: str, **env: str) -> object:
        """What a script printed as its last line, read as JSON."""
        return json.loads(self._run([sys.executable, "-c", script], env).splitlines()[-1])

    def forked(self, script: str, **env: str) -> object:
        """The same of a script that runs where Airflow and all of ours are imported already."""
        assert self._forking
        own = {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{self.folder / 'airflow.db'}"}
        return json.loads(self._forking.run(script, self.env | own | env, self.folder).splitlines()[-1])

    def _run(self, command: list[str], env: dict[str, str]) -> str:
        done = subprocess.run(command, env=self.env | env, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
        return done.stdout


@pytest.fixture(scope="session")
def unused(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an Airflow in which nothing was ever run: metadata migrated, DAGs read. To be copied."""
    return made_once(tmp_path_factory, "airflow", _unused)


def _unused(folder: Path) -> Path:
    made = Airflow(folder)
    made.command("db", "migrate")
    made.command("dags", "reserialize")
    return folder


@pytest.fixture(scope="session")
def forking(unused: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forking]:
    """One process to fork from, for all tests."""
    one = Forking(copy_of(unused, tmp_path_factory.mktemp("forking")).env)
    yield one
    one.end()


@pytest.fixture(scope="session")
def airflow(unused: Path, forking: Forking, tmp_path_factory: pytest.TempPathFactory) -> Airflow:
    """One for all tests that mind no runs of others."""
    return copy_of(unused, tmp_path_factory.mktemp("airflow"), forking)


@pytest.fixture
def own_airflow(unused: Path, forking: Forking, tmp_path: Path) -> Airflow:
    """One in which no other test has run a DAG, whose tasks were mapped over other counties."""
    return copy_of(unused, tmp_path / "airflow", forking)


def copy_of(unused: Path, folder: Path, forking: Forking | None = None) -> Airflow:
    """The same in another folder, which its settings name."""
    shutil.copytree(unused, folder, dirs_exist_ok=True)
    settings = folder / "airflow.cfg"
    settings.write_text(settings.read_text(encoding="utf-8").replace(str(unused), str(folder)), encoding="utf-8")
    return Airflow(folder, forking)
