"""An Airflow of its own for these tests: SQLite metadata in a temporary folder, our DAGs, one home."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DAGS = ROOT / "dags"
BIN = Path(sys.executable).parent


class Airflow:
    """Runs Python and the airflow command in an environment where only our DAGs exist.

    In processes of its own: Airflow configures logging, warnings and the database at import, for good.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
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

    def _run(self, command: list[str], env: dict[str, str]) -> str:
        done = subprocess.run(command, env=self.env | env, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
        return done.stdout


@pytest.fixture(scope="session")
def unused(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an Airflow in which nothing was ever run: metadata migrated, DAGs read. To be copied."""
    made = Airflow(tmp_path_factory.mktemp("unused"))
    made.command("db", "migrate")
    made.command("dags", "reserialize")
    return made.folder


@pytest.fixture(scope="session")
def airflow(unused: Path, tmp_path_factory: pytest.TempPathFactory) -> Airflow:
    """One for all tests that mind no runs of others."""
    return copy_of(unused, tmp_path_factory.mktemp("airflow"))


@pytest.fixture
def own_airflow(unused: Path, tmp_path: Path) -> Airflow:
    """One in which no other test has run a DAG, whose tasks were mapped over other counties."""
    return copy_of(unused, tmp_path / "airflow")


def copy_of(unused: Path, folder: Path) -> Airflow:
    """The same in another folder, which its settings name."""
    shutil.copytree(unused, folder, dirs_exist_ok=True)
    settings = folder / "airflow.cfg"
    settings.write_text(settings.read_text(encoding="utf-8").replace(str(unused), str(folder)), encoding="utf-8")
    return Airflow(folder)
