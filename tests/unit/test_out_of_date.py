"""Which months have to be built again is read from the tables, so that no killed run and no lost event hides one."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.plan.calendar import due_at
from minsheng.plan.county import as_county
from minsheng.plan.run import Run
from minsheng.stages.build import build
from minsheng.stages.load import load
from minsheng.stages.publish import publish
from minsheng.warehouse.connection import append, open_warehouse
from tests.county import open_months
from tests.workbooks import lushan

pytestmark = pytest.mark.slow

MAY = Period(2022, 5)
DUE = due_at(lushan(), MAY)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """May is open, built and published before it is due; then one file of 县城管局 is accepted."""
    run = Run(Home(tmp_path / "home"), as_county([lushan()]), DUE - timedelta(days=2), "test")
    open_months(run, MAY)
    build(run)
    publish(run)
    with open_warehouse(run.home.warehouse) as connection:
        key = {"submission_id": "0123", "plan_id": run.county.plans[0].plan_id, "unit_code": "CGJ", "period": str(MAY)}
        append(connection, "raw.submission", [key | {"received_at": run.as_of}])
        append(connection, "raw.verdict", [{"submission_id": "0123", "verdict": "rejected", "reject_count": 1}])
        append(connection, "raw.finding", [{"submission_id": "0123", "finding_no": 1, "severity": "reject"}])
    return run


def test_a_judged_file_is_offered_until_it_is_published(run: Run) -> None:
    assert load(run).periods == ("2022-05",)
    assert load(run).periods == ("2022-05",)
    build(run)
    assert load(run).periods == ("2022-05",)
    publish(run)
    assert load(run).periods == ()


def test_a_month_that_has_come_due_is_built_again_without_anything_having_come(run: Run) -> None:
    load(run)
    build(run)
    publish(run)
    after = replace(run, as_of=DUE + timedelta(hours=1))
    assert load(after).periods == ("2022-05",)
    build(after)
    publish(after)
    assert load(after).periods == ()


def test_the_marts_do_not_forget_that_a_month_was_due(run: Run) -> None:
    build(replace(run, as_of=DUE + timedelta(hours=1)))
    build(run)
    with open_warehouse(run.home.warehouse) as connection:
        query = "select distinct submission_status from published.pub_submission_status_v1 order by all"
        assert connection.execute(query).fetchall() == [("missing",), ("rejected",)]


def test_a_file_that_was_built_before_it_was_judged_is_offered_when_it_is(run: Run) -> None:
    with open_warehouse(run.home.warehouse) as connection:
        key = {"submission_id": "4567", "plan_id": run.county.plans[0].plan_id, "unit_code": "RSJ", "period": str(MAY)}
        append(connection, "raw.submission", [key | {"received_at": run.as_of}])
    build(run)
    publish(run)
    assert load(run).periods == ()
    with open_warehouse(run.home.warehouse) as connection:
        append(connection, "raw.verdict", [{"submission_id": "4567", "verdict": "rejected", "reject_count": 1}])
    assert load(run).periods == ("2022-05",)
