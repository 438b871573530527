"""An Airflow of its own for these tests: SQLite metadata in a temporary folder, our DAGs, one home."""

from __future__ import annotations

import json
import os
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
def airflow(tmp_path_factory: pytest.TempPathFactory) -> Airflow:
    """Metadata migrated, DAGs read, the writer's pool made."""
    return prepared(tmp_path_factory.mktemp("airflow"))


@pytest.fixture
def own_airflow(tmp_path: Path) -> Airflow:
    """One in which no other test has run a DAG, whose tasks were mapped over other counties."""
    return prepared(tmp_path / "airflow")


def prepared(folder: Path) -> Airflow:
    folder.mkdir(exist_ok=True)
    made = Airflow(folder)
    made.command("db", "migrate")
    made.command("dags", "reserialize")
    return made
