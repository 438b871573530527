"""The weekly run by Airflow itself: looked through, backed up and cleaned; what fails is red alone."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from minsheng.backup.making import backups
from minsheng.backup.record import last_backup
from minsheng.core.home import Installation
from tests.dags.conftest import ROOT, Airflow, Forking

pytestmark = pytest.mark.slow

_RUN = """
import json
from airflow.dag_processing.dagbag import DagBag
run = DagBag({file!r}).dags["housekeeping"].test()
print(json.dumps({{ti.task_id: str(ti.state) for ti in run.get_task_instances()}}))
"""
_WITHOUT = """
import json
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk.exceptions import AirflowSkipException
told = []
for task_id in ("back_up", "clean_metadata"):
    try:
        DagBag({file!r}).dags["housekeeping"].get_task(task_id).python_callable()
    except AirflowSkipException as skipped:
        told.append(str(skipped))
print(json.dumps(told))
"""
FILE = str(ROOT / "dags" / "housekeeping.py")
# Airflow keeps the last run of the clock of each DAG, however old.
_OLD_RUNS = """
    insert into dag_run
        (dag_id, run_id, run_type, state, start_date, run_after, queued_at, clear_number, span_status)
    select 'gone', run_id, 'scheduled', 'success', day, day, day, 0, 'not_started'
    from (select 'old' as run_id, '2020-01-01' as day union all select 'last', '2020-01-02')
"""


def states(airflow: Airflow) -> dict[str, str]:
    """How each task of one run ended."""
    found = airflow.forked(_RUN.format(file=FILE))
    assert isinstance(found, dict)
    return found


@pytest.fixture
def lived_in(airflow: Airflow, forking: Forking, tmp_path: Path) -> Airflow:
    """With a home of its own, told where backups go and where the database is, and with what ran years ago."""
    address = tmp_path / "metadata_uri"
    address.write_text(f"sqlite:///{airflow.folder / 'airflow.db'}\n", encoding="utf-8")
    mine = Airflow(airflow.folder, forking)
    mine.env |= {
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(tmp_path / "logs"),
        "MINSHENG_BACKUPS": str(tmp_path / "backups"),
        "MINSHENG_BACKUPS_KEPT": "1",
        "MINSHENG_HOME": str(tmp_path / "home"),
        "MINSHENG_INBOX": str(tmp_path / "inbox"),
        "MINSHENG_METADATA": str(address),
    }
    shutil.copytree(ROOT / "examples" / "lushan-2022" / "2022-02-07T1730" / "CGJ", tmp_path / "inbox" / "CGJ")
    mine.minsheng("run", "--plan", "plans/lushan-2022", "--period", "2022-01", "--as-of", "2022-02-08T09:00")
    log = tmp_path / "logs" / "dag_id=old" / "run_id=old" / "attempt=1.log"
    log.parent.mkdir(parents=True)
    log.write_text("old")
    os.utime(log, (0, 0))
    with closing(sqlite3.connect(airflow.folder / "airflow.db")) as metadata:
        metadata.execute(_OLD_RUNS)
        metadata.commit()
    return mine


def test_it_looks_backs_up_and_clears_out_and_what_fails_is_red_alone(lived_in: Airflow, tmp_path: Path) -> None:
    older = tmp_path / "backups" / "minsheng-20200101T030000"
    older.mkdir(parents=True)
    ended = states(lived_in)
    assert ended == dict.fromkeys(ended, "success") | {"alarm": "skipped"}

    with closing(sqlite3.connect(lived_in.folder / "airflow.db")) as metadata:
        left = metadata.execute("select run_id from dag_run where dag_id = 'gone'").fetchall()
    assert left == [("last",)]
    assert not (tmp_path / "logs" / "dag_id=old").exists()
    (first,) = backups(tmp_path / "backups")
    assert {path.name for path in first.iterdir()} == {"homes", "metadata", "settings", "manifest.json"}
    made = last_backup(Installation(tmp_path / "home"))
    assert made is not None and made.folder == str(first)

    (receipt,) = (tmp_path / "home").rglob("receipts/*.json")
    receipt.write_text("{")
    ended = states(lived_in)
    assert {task for task, state in ended.items() if state == "failed"} == {"examine", "alarm"}
    assert {ended[task] for task in ("back_up", "clean_metadata", "drop_logs")} == {"success"}
    assert len(backups(tmp_path / "backups")) == 2


def test_what_is_not_set_is_said_and_left_out(airflow: Airflow) -> None:
    told = airflow.forked(_WITHOUT.format(file=FILE))
    assert told == ["没有设置 MINSHENG_BACKUPS，没有备份", "没有设置 MINSHENG_METADATA，运行记录没有清理"]
