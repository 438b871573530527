"""What is true of every DAG file, read from the DAGs as Airflow reads them."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from minsheng.flows.pipeline import STAGES
from tests.dags.conftest import DAGS, Airflow

FILES = [
    "open_period",
    "receive_submissions",
    "build_marts",
    "send_mail",
    "chase_units",
    "watch",
    "housekeeping",
    "issue_bulletin",
]
# Of the tasks that are no stage, what the person reading the graph sees beside the stages.
OTHER_TASKS = {
    "freeze",
    "open",
    "notify_outbox",
    "own_faults",
    "inbox_troubles",
    "mail_troubles",
    "collect",
    "send",
    "record",
    "end",
    "alarm",
    "look",
    "examine",
    "back_up",
    "drop_backups",
    "drop_revisions",
    "clean_metadata",
    "drop_logs",
    "draft",
    "draft_faults",
    "approve",
    "issue",
}
CHINESE = re.compile(r"[一-鿿]")

_DESCRIBE = """
import importlib, json, sys
import airflow.sdk
before = set(sys.modules)
importlib.import_module({name!r})
imported = sorted(set(sys.modules) - before)
from airflow.dag_processing.dagbag import DagBag
dag = DagBag({file!r}).dags[{name!r}]
print(json.dumps({{
    "imported": imported,
    "title": dag.dag_display_name,
    "doc": dag.doc_md,
    "tags": sorted(dag.tags),
    "max_active_runs": dag.max_active_runs,
    "catchup": dag.catchup,
    "tasks": {{task.task_id: {{
        "title": task.task_display_name,
        "pool": task.pool,
        "retries": task.retries,
        "downstream": sorted(task.downstream_task_ids),
    }} for task in dag.topological_sort()}},
}}))
"""


@pytest.fixture(scope="session", params=FILES)
def dag(request: pytest.FixtureRequest, airflow: Airflow) -> dict[str, Any]:
    """One DAG, described by a process that imported nothing but its file."""
    return _described(airflow, request.param)


_KNOWN: dict[str, dict[str, Any]] = {}


def _described(airflow: Airflow, name: str) -> dict[str, Any]:
    if name not in _KNOWN:
        found = airflow.python(_DESCRIBE.format(name=name, file=str(DAGS / f"{name}.py")))
        assert isinstance(found, dict)
        _KNOWN[name] = found
    return _KNOWN[name]


# What DAG files share.
SHARED = ("bulletins", "counties", "ending", "faults", "mail", "metadata", "sources", "stages", "wiring")


def test_no_dag_file_fails_to_import(airflow: Airflow) -> None:
    assert "No data found" in airflow.command("dags", "list-import-errors")
    listed = json.loads(airflow.command("dags", "list", "--output", "json").splitlines()[-1])
    assert sorted(row["dag_id"] for row in listed) == sorted(FILES)
    assert sorted(path.stem for path in DAGS.glob("*.py")) == sorted(
        [
            *FILES,
            *(f"minsheng_{name}" for name in SHARED),
        ]
    )


def test_a_dag_file_imports_nothing_heavy(dag: dict[str, Any]) -> None:
    roots = {module.split(".")[0] for module in dag["imported"]}

    assert "minsheng_wiring" in roots
    assert roots & {"pandas", "numpy", "duckdb", "great_expectations", "openpyxl", "pyarrow", "sqlglot"} == set()
    ours = {module for module in dag["imported"] if module.startswith("minsheng.") and module != "minsheng.core"}
    assert ours == {"minsheng.core.counties", "minsheng.core.errors", "minsheng.core.settings"}


def test_titles_and_pages_are_chinese(dag: dict[str, Any]) -> None:
    assert CHINESE.search(dag["title"])
    assert len(CHINESE.findall(dag["doc"])) > 80
    assert dag["tags"] == ["民生实事"]
    assert [task["title"] for task in dag["tasks"].values() if not CHINESE.search(task["title"])] == []


def test_one_run_at_a_time_and_none_for_the_past(dag: dict[str, Any]) -> None:
    # Mails are claimed one by one, so that a run that hangs at one of them holds up no other; nor does one that waits
    # for a person.
    titles = {task["title"] for task in dag["tasks"].values()}
    assert dag["max_active_runs"] == (4 if "发信" in titles else 16 if "待签发" in titles else 1)
    assert dag["catchup"] is False
    assert min(task["retries"] for task in dag["tasks"].values()) >= 2


def test_every_task_that_writes_the_warehouse_waits_for_its_one_slot(airflow: Airflow) -> None:
    pools = {task_id: task["pool"] for name in FILES for task_id, task in _described(airflow, name)["tasks"].items()}

    assert {task_id for task_id, pool in pools.items() if pool == "warehouse"} == {
        *STAGES,
        "freeze",
        "open",
        "record",
    } - {"roll_up"}
    assert set(pools) == {*STAGES, *OTHER_TASKS}


def test_the_stages_follow_each_other_as_in_the_pipeline(airflow: Airflow) -> None:
    chains = []
    for name in ("receive_submissions", "build_marts"):
        tasks = _described(airflow, name)["tasks"]
        chain = [task_id for task_id in tasks if task_id in STAGES]
        assert all(after in tasks[before]["downstream"] for before, after in pairwise(chain))
        chains += chain

    assert tuple(chains) == STAGES


_STUMBLE = """
import json
from airflow.dag_processing.dagbag import DagBag
from minsheng_faults import NeedsPerson
task = DagBag({file!r}).dags["receive_submissions"].get_task("own_faults")
fine, strange = [{{"failed": []}}], [{{"failed": ["CGJ/5月.xlsx：程序出错"]}}]
told = []
for each in ([fine] * 6, [None, strange, *[fine] * 4], [None, fine, strange, strange, None, None]):
    try:
        told.append(task.python_callable(*each))
    except NeedsPerson as error:
        told.append(str(error))
print(json.dumps({{"told": told, "upstream": sorted(task.upstream_task_ids)}}))
"""


def test_a_fault_of_ours_turns_a_task_of_its_own_red(airflow: Airflow) -> None:
    found = airflow.forked(_STUMBLE.format(file=str(DAGS / "receive_submissions.py")))
    strange = "CGJ/5月.xlsx：程序出错"

    assert found == {
        "told": [None, strange, f"{strange}；{strange}"],
        "upstream": ["freeze", "load", "parse", "pull", "renew", "validate"],
    }


_TROUBLE = """
import json
from airflow.dag_processing.dagbag import DagBag
from minsheng_faults import NeedsPerson
task = DagBag({file!r}).dags["receive_submissions"].get_task("inbox_troubles")
told = []
for pulled in ([{{"troubles": []}}], [{{"troubles": []}}, {{"troubles": ["CL：打不开", ".：空的"]}}]):
    try:
        told.append(task.python_callable(pulled))
    except NeedsPerson as error:
        told.append(str(error))
print(json.dumps({{"told": told, "upstream": sorted(task.upstream_task_ids)}}))
"""


def test_what_nobody_can_take_from_the_inbox_turns_a_task_of_its_own_red(airflow: Airflow) -> None:
    found = airflow.forked(_TROUBLE.format(file=str(DAGS / "receive_submissions.py")))

    assert found == {"told": [None, "CL：打不开；.：空的"], "upstream": ["pull", "validate"]}


@pytest.mark.slow
def test_what_only_some_installations_need_is_wired_only_there(airflow: Airflow, tmp_path: Path) -> None:
    asked = f"""
import json
from airflow.dag_processing.dagbag import DagBag
dags = DagBag({str(DAGS)!r}).dags.values()
print(json.dumps(sorted({{task.task_id for dag in dags for task in dag.tasks}} & {{"copy", "county_faults"}})))
"""
    for name in ("lushan-2022", "fancheng-2022"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "plan.yaml").touch()
    assert airflow.forked(asked) == []
    assert airflow.forked(asked, MINSHENG_POSTGRES_URL="postgresql+psycopg2://x@y/z") == ["copy"]
    assert airflow.forked(asked, MINSHENG_PLANS=str(tmp_path)) == ["county_faults"]


@pytest.mark.slow
def test_where_the_past_is_replayed_files_are_received_only_when_asked_for(airflow: Airflow) -> None:
    asked = f"""
import json
from airflow.dag_processing.dagbag import DagBag
dag = DagBag({str(DAGS / "receive_submissions.py")!r}).dags["receive_submissions"]
print(json.dumps(dag.timetable.can_be_scheduled))
"""
    assert airflow.forked(asked) is True
    assert airflow.forked(asked, AIRFLOW__MINSHENG__SCHEDULED="False") is False
