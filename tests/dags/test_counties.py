"""Two counties with the same unit codes, one of them over New Year, in one installation and by Airflow."""

from __future__ import annotations

import shutil
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import duckdb
import pytest

from examples.filling import handed_out
from minsheng.core.home import Home, Installation
from minsheng.mail.folders import mails
from minsheng.plan.loader import load_plan
from minsheng.publication.freezes import freezes
from minsheng.template.month import month_forms
from tests.dags.conftest import DAGS, Airflow
from tests.plans import plan_as
from tests.workbooks import as_bytes, cell, sign

pytestmark = pytest.mark.slow

_RUN = f"""
import json
import minsheng_counties
from airflow.dag_processing.dagbag import DagBag
from airflow.models.asset import AssetEvent
from airflow.utils.session import create_session
minsheng_counties._MOST_TASKS = {{most_tasks}}
minsheng_counties.BATCHES[:] = minsheng_counties._batches()
run = DagBag({str(DAGS)!r}).dags[{{dag!r}}].test(run_conf={{conf!r}})
states = [[ti.task_id, ti.rendered_map_index or "", ti.state] for ti in run.get_task_instances()]
with create_session() as session:
    told = session.query(AssetEvent).filter(AssetEvent.source_run_id == run.run_id, AssetEvent.asset.has(name="marts"))
    states += [["marts", event.extra["county"], event.extra["revision"]] for event in told]
print(json.dumps([*states, ["run", "", run.state]]))
"""
_OPEN, _RECEIVE, _BUILD = "open_period", "receive_submissions", "build_marts"
_CONTACTS = "data_team: data@{county}.example\nunits: {{CGJ: [cgj@{county}.example]}}\n"


class Counties:
    """The installation, and a way to have Airflow work on it."""

    def __init__(self, airflow: Airflow, folder: Path) -> None:
        self.airflow, self.folder = airflow, folder
        self.installation = Installation(folder / "home")
        self.plans, self.inbox, self.contacts = folder / "plans", folder / "inbox", folder / "contacts"
        plan_as("lushan-2022", self.plans)
        plan_as("lushan-2023", self.plans)
        plan_as("fancheng-2022", self.plans, "420606", "樊城区")
        for county in ("lushan", "fancheng"):
            (self.inbox / county / "CGJ").mkdir(parents=True)
            self.contacts.mkdir(exist_ok=True)
            (self.contacts / f"{county}.yaml").write_text(_CONTACTS.format(county=county), encoding="utf-8")

    def home(self, county: str) -> Home:
        return self.installation.home(county)

    def send(self, plan_id: str, period: str, month: object, cumulative: object, **more: object) -> None:
        """The report of CGJ for a month, left in its county's inbox."""
        book = handed_out(month_forms(load_plan(self.plans / plan_id), period), "CGJ")
        for heading, value in {"本月数": month, "累计数": cumulative, **more}.items():
            cell(book, "M03-01", heading).value = value  # type: ignore[assignment]
        sign(book)
        name = f"{period}{'更正' if more else ''}.xlsx"
        (self.inbox / plan_id[:-5] / "CGJ" / name).write_bytes(as_bytes(book))

    def run(self, dag: str, as_of: str, most_tasks: int = 10, **conf: str) -> dict[tuple[str, str], str]:
        """What state each task of a run ended in, by its id and the counties it was for, and the run itself.

        ``marts`` by county: the revision that an event of this asset tells of.
        """
        states: Any = self.airflow.forked(
            _RUN.format(dag=dag, conf={"as_of": f"{as_of}+08:00", **conf}, most_tasks=most_tasks),
            MINSHENG_PLANS=str(self.plans),
            MINSHENG_HOME=str(self.installation.root),
            MINSHENG_INBOX=str(self.inbox),
            MINSHENG_CONTACTS=str(self.contacts),
        )
        return {(task_id, county): state for task_id, county, state in states}

    def shown(self, database: Path) -> list[tuple[Any, ...]]:
        """What readers see of manhole covers: a row a plan and month."""
        with duckdb.connect(str(database), read_only=True) as connection:
            query = """
                select county_name, period, cast(actual_value as integer), submission_status
                from pub_indicator_completion_v1
                inner join dim_plan using (plan_id)
                inner join dim_county using (county_code)
                where indicator_code = 'M03-01'
                order by all
            """
            return connection.execute(query).fetchall()


def attached(mail: Path) -> str:
    """The names of what a mail brings."""
    message = message_from_bytes(mail.read_bytes(), policy=default)
    return " ".join(part.get_filename() or "" for part in message.walk())


def test_two_counties_and_two_years_are_each_their_own(airflow: Airflow, tmp_path: Path) -> None:
    counties = Counties(airflow, tmp_path)
    everywhere = counties.installation.current / "marts.duckdb"

    # December is opened for both; one report is good, the other unit of the same code sends a faulty one.
    opened = counties.run(_OPEN, "2023-01-01T08:00:00", period="2022-12")
    assert opened["open", "lushan"] == opened["open", "fancheng"] == "success"
    counties.send("lushan-2022", "2022-12", 120, 520)
    counties.send("fancheng-2022", "2022-12", "约120", 520)
    received = counties.run(_RECEIVE, "2023-01-03T10:00:00")
    assert {*received.values()} <= {"success", "skipped"}
    assert (received["own_faults", ""], received["notify_outbox", ""], received["run", ""]) == ("success",) * 3
    built = counties.run(_BUILD, "2023-01-03T10:00:00")
    assert {task for (task, _), state in built.items() if state != "success"} == {"alarm", "marts"}
    for county in ("lushan", "fancheng"):
        assert built["marts", county] == counties.home(county).current.resolve().name
    assert (built["alarm", ""], built["run", ""]) == ("skipped", "success")
    assert counties.shown(everywhere) == [
        ("樊城区", "2022-12", None, "rejected"),
        ("鲁山县", "2022-12", 520, "accepted"),
    ]
    (answer,) = (mail for mail in mails(counties.home("fancheng"), "pending") if "（退回）" in attached(mail))
    assert b"cgj@fancheng.example" in answer.read_bytes()
    assert [mail for mail in mails(counties.home("lushan"), "pending") if "（退回）" in attached(mail)] == []

    # New Year is crossed: January belongs to the new plan, a late correction of December to the old one.
    opened = counties.run(_OPEN, "2023-02-01T08:00:00", period="2023-01")
    assert (opened["open", "lushan"], opened["open", "fancheng"]) == ("success", "skipped")
    counties.send("lushan-2023", "2023-01", 30, 30)
    counties.send("lushan-2022", "2022-12", 120, 540, 更正="是", 更正原因="复核后补计 20 处，原为 520，现为 540")
    counties.home("fancheng").warehouse.write_bytes(b"")
    received = counties.run(_RECEIVE, "2023-02-03T10:00:00")
    assert (received["load", "lushan"], received["pull", "fancheng"]) == ("success", "failed")
    assert received["run", ""] == "failed"
    # Also where one task takes both.
    built = counties.run(_BUILD, "2023-02-03T10:00:00", most_tasks=1)
    assert (built["build", "fancheng、lushan"], built["publish", "lushan"], built["roll_up", ""]) == ("success",) * 3
    assert (built["county_faults", ""], built["run", ""]) == ("failed", "failed")
    assert counties.shown(everywhere) == [
        ("樊城区", "2022-12", None, "rejected"),
        ("鲁山县", "2022-12", 540, "accepted"),
        ("鲁山县", "2023-01", 30, "accepted"),
    ]
    assert counties.shown(counties.home("lushan").current / "marts.duckdb") == [
        ("鲁山县", "2022-12", 540, "accepted"),
        ("鲁山县", "2023-01", 30, "accepted"),
    ]
    pages = {path.parent.name + "/" + path.stem for path in counties.home("lushan").reports.glob("*/*.html")}
    assert {"lushan-2022/2022-12", "lushan-2023/2023-01"} <= pages


def test_a_freeze_that_passes_without_a_file_is_made_up_for_before_anything_is_taken(
    own_airflow: Airflow, tmp_path: Path
) -> None:
    counties = Counties(own_airflow, tmp_path)
    shutil.rmtree(counties.plans / "fancheng-2022")
    shutil.rmtree(counties.plans / "lushan-2023")
    counties.contacts = counties.contacts / "lushan.yaml"
    counties.run(_OPEN, "2022-06-01T08:00:00", period="2022-05")
    counties.run(_BUILD, "2022-06-01T08:05:00")
    quiet = counties.run(_RECEIVE, "2022-06-01T09:00:00")
    assert (quiet["freeze", "lushan"], quiet["pull", "lushan"]) == ("skipped", "success")

    home = counties.home("lushan")
    counties.send("lushan-2022", "2022-05", 30, 30)
    told = counties.run(_RECEIVE, "2022-07-20T09:00:00")
    assert (told["freeze", "lushan"], told["load", "lushan"]) == ("success", "success")
    (frozen,) = freezes(home).values()
    assert frozen.period == "2022-05" and home.current.resolve().name == frozen.revision
    assert (home.reports / "lushan-2022" / frozen.page).exists()
    with duckdb.connect(str(home.current / "marts.duckdb"), read_only=True) as connection:
        query = (
            "select count(*) from pub_submission_status_v1 where is_missed and revision_count = 0 and unit_code = 'CGJ'"
        )
        assert connection.execute(query).fetchone() == (1,), "what came after the freeze is not in it"
