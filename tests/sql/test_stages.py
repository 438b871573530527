"""load and build, with its checks, on the county's own plan, with a handful of files in the raw tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from minsheng.core.declarations import ROOT
from minsheng.core.errors import CheckFailed
from minsheng.core.home import Home
from minsheng.core.outcome import StageResult
from minsheng.core.period import Period
from minsheng.plan.county import as_county
from minsheng.plan.loader import load_plan
from minsheng.plan.run import Run
from minsheng.stages.build import build
from minsheng.stages.load import load
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection, open_warehouse
from minsheng.warehouse.ledger import record
from minsheng.warehouse.plan_digests import OWN_RECORDS
from tests.county import open_months
from tests.sql.tables import fill

pytestmark = pytest.mark.slow

BEFORE_DUE = datetime.fromisoformat("2022-06-03T12:00:00+08:00")
AFTER_DUE = datetime.fromisoformat("2022-06-08T12:00:00+08:00")
REPORT = {"M01-01": (700, 14000), "M01-02": (600, 9000), "M01-03": (100, 4000)}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A home with May 2022 opened."""
    run = Run(Home(tmp_path / "lushan"), as_county([load_plan(ROOT / "plans" / "lushan-2022")]), AFTER_DUE, "run-1")
    open_months(replace(run, as_of=BEFORE_DUE), Period(2022, 5))
    return run


def accept(run: Run, submission: str, received: str, report: dict[str, tuple[int, int]]) -> None:
    """Put one accepted file of RSJ into the raw tables, as parse and validate do."""
    key = {"submission_id": submission}
    file = key | {
        "plan_id": run.county.plans[0].plan_id,
        "unit_code": "RSJ",
        "period": "2022-05",
        "received_at": received,
    }
    verdict = key | {"verdict": "accepted", "accepted_at": received, "reject_count": "0", "warn_count": "1"}
    cells = [
        key | {"sheet_name": "填报", "cell_ref": f"{field}{row}", "row_no": str(row), "section": "report"}
        | {"indicator_code": code, "field": field, "number_value": str(value)}
        for row, (code, values) in enumerate(report.items(), start=7)
        for field, value in zip(("month", "cumulative"), values, strict=True)
    ]  # fmt: skip
    with open_warehouse(run.home.warehouse) as connection:
        fill(connection, "raw.submission", [file])
        fill(connection, "raw.verdict", [verdict])
        fill(connection, "raw.cell", cells)


def take(run: Run) -> None:
    load(run)
    build(run)


def ask(run: Run, query: str) -> list[tuple[object, ...]]:
    with open_warehouse(run.home.warehouse) as connection:
        return connection.execute(query).fetchall()


def contents(run: Run) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every built table, in the order it is stored."""
    built = [model for layer in ("star", "marts", "published") for model in sqlfiles.models(layer)]
    with open_warehouse(run.home.warehouse) as connection:
        return {model.full_name: connection.table(model.full_name).fetchall() for model in built}


def test_a_month_in_which_nobody_reported_has_a_row_for_every_indicator_and_unit(run: Run) -> None:
    take(run)
    completion = (
        "select count(*), count(distinct indicator_code), min(status_code), max(status_code), sum(actual_value)"
    )
    assert ask(run, f"{completion} from published.pub_indicator_completion_v1") == [
        (32, 32, "NOT_REPORTED", "NOT_REPORTED", None)
    ]
    status = "select submission_status, count(*) from published.pub_submission_status_v1 group by all"
    assert ask(run, status) == [("missing", 39)]


def test_missing_is_judged_at_the_moment_of_the_run(run: Run) -> None:
    take(replace(run, as_of=BEFORE_DUE))
    assert ask(run, "select distinct submission_status from published.pub_submission_status_v1") == [("not_due",)]


def test_an_accepted_file_is_judged_and_traced(run: Run) -> None:
    accept(run, "s1", "2022-06-03 09:00:00+08", REPORT)
    take(run)
    columns = "indicator_code, actual_value, status_label, lead_unit_name, submission_id, revision_no"
    query = f"select {columns} from published.pub_indicator_completion_v1 where item_code = 'M01' order by all"
    assert ask(run, query) == [
        ("M01-01", 14000.0, "符合序时进度", "县人力资源和社会保障局", "s1", 1),
        ("M01-02", 9000.0, "滞后", "县人力资源和社会保障局", "s1", 1),
        ("M01-03", 4000.0, "滞后", "县人力资源和社会保障局", "s1", 1),
    ]


def test_running_again_or_in_another_order_changes_nothing(run: Run, tmp_path: Path) -> None:
    corrected = REPORT | {"M01-01": (800, 14100)}
    arrivals = [("s1", "2022-06-03 09:00:00+08", REPORT), ("s2", "2022-06-04 09:00:00+08", corrected)]
    for arrival in arrivals:
        accept(run, *arrival)
        take(run)
    first = contents(run)
    take(replace(run, run_id="run-2"))
    assert contents(run) == first
    other = replace(run, home=Home(tmp_path / "other"))
    other.home.root.mkdir()
    open_months(replace(other, as_of=BEFORE_DUE), Period(2022, 5))
    for arrival in reversed(arrivals):
        accept(other, *arrival)
    take(other)
    assert contents(other) == first


def test_a_build_that_fails_leaves_the_old_tables(run: Run) -> None:
    take(run)
    before = contents(run)
    with open_warehouse(run.home.warehouse) as connection:
        connection.execute("update raw.target set target_value = 1e10 where target_value = 0.9")
    with pytest.raises(Exception, match="out of range"):
        build(run)
    assert contents(run) == before


def test_a_failing_check_names_itself_and_the_rows_and_leaves_the_old_tables(run: Run) -> None:
    take(run)
    with open_warehouse(run.home.warehouse) as connection:
        fill(connection, "raw.finding", [{"submission_id": "ghost", "finding_no": "1", "rule_code": "V01"}])
    load(run)
    before = contents(run)
    with pytest.raises(CheckFailed) as failure:
        build(replace(run, run_id="run-2"))
    assert str(failure.value) == (
        "生成：没有通过核对：every_finding_belongs_to_a_submission（每处问题都属于一份收到的文件）"
        "有 1 行不符：submission_id=ghost, finding_no=1, rule_code=V01"
        " → 什么也没有发布，各表保持原样；请改正原因后重新生成 [check_failed]"
    )
    assert contents(run) == before
    outcomes = "select input, item_count, detail from raw.outcome where stage = 'build' and result = 'failed'"
    assert ask(run, outcomes) == [
        ("every_finding_belongs_to_a_submission", 1, "submission_id=ghost, finding_no=1, rule_code=V01")
    ]


def test_a_star_of_unchanged_tables_is_not_built_again(run: Run) -> None:
    accept(run, "s1", "2022-06-03 09:00:00+08", REPORT)
    assert len(load(run).outcomes) == len(sqlfiles.models("star"))
    assert load(run).outcomes == ()
    assert not [one.input for one in build(run).outcomes if one.input.startswith("star.")]
    accept(run, "s2", "2022-06-04 09:00:00+08", REPORT)
    assert len(load(run).outcomes) == len(sqlfiles.models("star"))


def test_no_star_table_is_made_from_what_stages_write_about_themselves() -> None:
    """Neither by itself nor through the staging views it reads."""
    views = {view.full_name: sqlfiles.reads(view) for view in sqlfiles.models("staging")}
    left, read = [table for model in sqlfiles.models("star") for table in sqlfiles.reads(model)], set[str]()
    while left:
        table = left.pop()
        if table not in read:
            read.add(table)
            left += views.get(table, ())
    assert len(read & views.keys()) > 5
    assert read.isdisjoint(f"raw.{name}" for name in OWN_RECORDS)


def test_every_stage_leaves_one_outcome_row_per_input(run: Run) -> None:
    take(run)
    take(run)
    query = "select stage, count(*), count(distinct input), count(distinct code_version) from raw.outcome group by all"
    built = {layer: len(sqlfiles.models(layer)) for layer in ("star", "marts", "published")}
    tables, checks = built["marts"] + built["published"], len(sqlfiles.checks())
    assert sorted(ask(run, query)) == [
        ("build", tables + checks, tables + checks, 1), ("load", built["star"], built["star"], 1),
    ]  # fmt: skip


def test_a_stage_that_had_nothing_to_do_leaves_no_row(run: Run) -> None:
    with open_warehouse(run.home.warehouse) as connection:
        record(connection, run, StageResult("pull"))
    assert ask(run, "select count(*) from raw.outcome") == [(0,)]


def test_the_star_can_be_read_before_the_first_load(run: Run) -> None:
    def rows(connection: Connection) -> list[tuple[object, ...]]:
        return connection.execute("select cumulative_value from star.fct_indicator_report").fetchall()

    with open_warehouse(run.home.warehouse) as connection:
        assert rows(connection) == []
