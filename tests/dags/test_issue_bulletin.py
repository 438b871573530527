"""A bulletin by Airflow itself: drafted when its month is frozen, decided on by a person, issued once."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from minsheng.core.home import Home
from minsheng.publication.bulletins import drafts, issued
from tests.dags.conftest import ROOT, Airflow, Forking

pytestmark = pytest.mark.slow

FILE = str(ROOT / "dags" / "issue_bulletin.py")
PLAN_ID = "lushan-2022"
# Answers as the server of Airflow does when a person has chosen, whenever a run has nothing to do but to wait for one.
_RUNS = """
import faulthandler, json, time
faulthandler.dump_traceback_later(240, exit=True)  # what nobody answers would wait for ever
from airflow.dag_processing.dagbag import DagBag
from airflow.models.hitl import HITLDetail
from airflow.models.trigger import handle_event_submit
from airflow.triggers.base import TriggerEvent
from airflow.sdk.timezone import utcnow
from airflow.utils.session import create_session

def answer():
    with create_session() as session:
        for asked in session.query(HITLDetail).where(HITLDetail.responded_at.is_(None)):
            shown.append([asked.subject, asked.body])
            asked.responded_by, asked.responded_at = {{"id": user, "name": user}}, utcnow()
            asked.chosen_options, asked.params_input = [option], {{"reason": reason}}
            event = TriggerEvent(asked.as_resume_event_payload())
            handle_event_submit(event, task_instance=asked.task_instance, session=session)

sleep = time.sleep
time.sleep = lambda seconds: answer() if seconds == 1 else sleep(seconds)  # between two looks of a run at its tasks
shown, ended = [], []
for conf, option, reason, user in {answers!r}:
    dag = DagBag({file!r}).dags["issue_bulletin"]  # a run keeps its parameters
    run = dag.test(run_conf=conf)
    ended.append({{ti.task_id: str(ti.state) for ti in run.get_task_instances()}})
from airflow.models.asset import AssetEvent

with create_session() as session:
    told = [event.extra for event in session.query(AssetEvent) if event.asset.name == "bulletin"]
print(json.dumps([shown, ended, told]))
"""


def decided(airflow: Airflow, *answers: tuple[dict[str, str], str, str, str]) -> Any:
    """Runs of the DAG one after the other, each with a person's answer: what was shown, each task's end, events."""
    return airflow.forked(_RUNS.format(file=FILE, answers=list(answers)))


@pytest.fixture
def frozen(airflow: Airflow, forking: Forking, tmp_path: Path) -> Airflow:
    """January was frozen with the report of one unit."""
    mine = Airflow(airflow.folder, forking)
    mine.env |= {"MINSHENG_HOME": str(tmp_path / "home"), "MINSHENG_INBOX": str(tmp_path / "inbox")}
    shutil.copytree(ROOT / "examples" / "lushan-2022" / "2022-02-07T1730" / "CGJ", tmp_path / "inbox" / "CGJ")
    for moment in ("2022-02-08T09:00", "2022-02-15T09:00"):
        mine.minsheng("run", "--plan", "plans/lushan-2022", "--period", "2022-01", "--as-of", moment)
    return mine


def test_a_person_declines_then_approves_and_nothing_is_issued_twice(frozen: Airflow, tmp_path: Path) -> None:
    at = {"as_of": "2022-02-16T08:30:00+08:00"}
    again = {**at, "period": "2022-01"}
    shown, ended, told = decided(
        frozen,
        (at, "不同意印发", "请补充原因", "王主任"),
        (again, "同意印发", "", "Anonymous"),
        (again, "同意印发", "", "王主任"),
        (at, "同意印发", "", "王主任"),
    )
    home = Home(tmp_path / "home" / "lushan")
    assert [subject for subject, _ in shown] == [
        f"鲁山县 2022-01 通报第 {number} 稿：是否同意印发？" for number in (1, 2, 2)
    ]
    assert "关于2022年1月重点民生实事\n办理情况的通报" in shown[0][1]
    assert [run["issue"] for run in ended] == ["success", "failed", "success", "skipped"]
    assert ended[3] == dict.fromkeys(ended[3], "skipped") | {"end": "success"}
    first, second = drafts(home, PLAN_ID)
    assert first.decision and (first.decision.verdict, first.decision.reason) == ("declined", "请补充原因")
    assert second.decision and second.decision.decided_by == "王主任"
    (bulletin,) = issued(home, PLAN_ID)
    assert (bulletin.number, bulletin.period, bulletin.issued_by) == (1, "2022-01", "王主任")
    assert told == [
        {"county": "lushan", "number": 1, "plan_id": PLAN_ID, "period": "2022-01", "files": dict(bulletin.files)}
    ]


_COUNTIES = """
import json
from datetime import datetime
from types import SimpleNamespace
import minsheng_bulletins as bulletins
from minsheng.core.errors import UserError

def drafts(county):
    if county in faulty:
        raise UserError("bulletin_template", county, reason="x")
    yield {{"county": county}}

kept = {{}}
ti = SimpleNamespace(xcom_push=kept.__setitem__, xcom_pull=lambda task_ids, key: kept[key])
bulletins.get_current_context = lambda: {{"ti": ti}}
bulletins.served_counties = lambda: ["baofeng", "lushan"]
bulletins.installation = lambda: SimpleNamespace(home=lambda county: county)
bulletins._drafts = drafts
found = []
for faulty in {faulty!r}:
    try:
        found.append([one["county"] for one in bulletins.wanted_drafts()])
        bulletins.fail_for_undrafted()
    except SystemExit as fault:
        found.append(str(fault).split("：")[0])
print(json.dumps(found))
"""


def test_a_county_that_cannot_draft_loses_no_draft_of_another_and_is_told(airflow: Airflow) -> None:
    faulty: list[tuple[str, ...]] = [(), ("baofeng",), ("lushan",), ("baofeng", "lushan")]
    found = airflow.forked(_COUNTIES.format(faulty=faulty))
    assert found == [["baofeng", "lushan"], ["lushan"], "baofeng", ["baofeng"], "lushan", "baofeng"]


_ASKED_AGAIN = """
import json
from types import SimpleNamespace
import minsheng_bulletins as bulletins

def asks(try_number, running):
    count = lambda dag_id, states: running
    ti = SimpleNamespace(dag_id="issue_bulletin", try_number=try_number, get_dr_count=count)
    bulletins.get_current_context = lambda: {"ti": ti}
    return bulletins._asks_again()

print(json.dumps([asks(1, 1), asks(1, 2), asks(2, 2)]))
"""


def test_a_draft_that_waits_is_asked_about_again_only_where_nobody_else_asks(airflow: Airflow) -> None:
    """By the only run there is, or by one that was cleared; not by a second one beside the first."""
    assert airflow.forked(_ASKED_AGAIN) == [True, False, True]
