"""An Airflow that is driven from one moment to the next, in one process: to import it takes longer than most runs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tests.dags.conftest import DAGS, ROOT, Airflow

# A DAG and its moment come in a line, its states go out in another.
_DRIVER = f"""
import json, os, sys
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # Airflow prints what it logs
from airflow.dag_processing.dagbag import DagBag
dags = DagBag({str(DAGS)!r}).dags
for line in sys.stdin:
    dag, conf = json.loads(line)
    run = dags[dag].test(run_conf=conf)
    states = {{f"{{ti.task_id}} {{ti.rendered_map_index or ''}}".strip(): ti.state for ti in run.get_task_instances()}}
    print(json.dumps([run.state, states]), file=answers, flush=True)
"""


class Driver:
    """Airflow, going from one moment to the next."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process, self.log = process, log

    def run(self, dag: str, moment: datetime, **conf: str) -> None:
        """A run of that moment; it must end well."""
        assert self.process.stdin and self.process.stdout
        asked = {} if dag == "send_mail" else {"as_of": moment.isoformat(), **conf}
        self.process.stdin.write(f"{json.dumps([dag, asked])}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        told = self.log.read_text(encoding="utf-8")[-4000:]
        assert answer, told
        state, states = json.loads(answer)
        assert state == "success", (dag, moment, states, told)


@contextmanager
def driving(airflow: Airflow, env: dict[str, str], log: Path) -> Iterator[Driver]:
    """One with these settings, while the block lasts; what it logs goes to a file."""
    with (
        log.open("w", encoding="utf-8") as told,
        subprocess.Popen(
            [sys.executable, "-c", _DRIVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=told,
            text=True,
            env=airflow.env | env,
            cwd=ROOT,
        ) as process,
    ):
        yield Driver(process, log)
        process.kill()
