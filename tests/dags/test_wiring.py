"""How a run finds its moment, and how errors look: the module all DAG files share."""

from __future__ import annotations

from pathlib import Path

from tests.dags.conftest import Airflow

_PRELUDE = """
import json
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace as Run
import minsheng_faults as faults
import minsheng_wiring as wiring
EARLY, LATE = "2022-02-07T17:30:00+08:00", "2022-02-09T10:00:00+08:00"
HOUR = datetime(2026, 1, 1, tzinfo=timezone.utc)
def moment(params=None, events=(), began=None, run_type="scheduled", run_after=HOUR):
    run = Run(start_date=began, run_after=run_after, run_type=run_type, partition_key=None)
    found = [Run(extra={"as_of": text} if text else {}) for text in events]
    context = {"params": params or {}, "dag_run": run, "triggering_asset_events": {wiring.SUBMISSIONS: found}}
    return wiring.as_of(context).isoformat()
"""


def test_a_county_that_cannot_be_asked_for_work_goes_on_to_the_stage_that_tells_why(airflow: Airflow) -> None:
    asked = "import json, minsheng_counties; print(json.dumps(minsheng_counties._has_to_pass('nowhere')))"
    assert airflow.forked(asked) is True


def test_the_moment_is_the_parameter_else_the_newest_event_else_when_it_was_to_run(airflow: Airflow) -> None:
    found = airflow.forked(
        _PRELUDE
        + """
print(json.dumps([
    moment({"as_of": EARLY}, [LATE]),
    moment({"as_of": None}, [EARLY, LATE, None]),
    moment(),
]))
"""
    )

    assert found == ["2022-02-07T17:30:00+08:00", "2022-02-09T10:00:00+08:00", "2026-01-01T08:00:00+08:00"]


def test_a_run_that_begins_late_or_is_cleared_later_is_of_its_hour(airflow: Airflow) -> None:
    """Airflow dates a run's beginning anew when it is cleared; reports left in time do not become late by that."""
    found = airflow.forked(
        _PRELUDE
        + """
began = [HOUR + timedelta(seconds=2), HOUR + timedelta(hours=2), HOUR + timedelta(days=2)]
print(json.dumps([
    [moment(began=each) for each in began],
    [moment(began=each, run_type="manual") for each in began],
    [moment(began=each, run_type="backfill") for each in began],
]))
"""
    )

    hour = "2026-01-01T08:00:00+08:00"
    assert found == [
        [hour] * 3,
        [hour] * 3,
        ["2026-01-01T08:00:02+08:00", "2026-01-01T10:00:00+08:00", "2026-01-03T08:00:00+08:00"],
    ]


def test_a_run_of_an_hour_still_to_come_is_refused(airflow: Airflow) -> None:
    """So it is with runs that were made while the system clock was ahead."""
    found = airflow.forked(
        _PRELUDE
        + """
from minsheng_faults import NeedsPerson
try:
    moment(run_after=HOUR.replace(year=2099))
except NeedsPerson as error:
    print(json.dumps(str(error)))
"""
    )

    assert str(found).startswith("as_of：2099-01-01 08:00 还没有到，现在是 20")


def test_a_system_clock_that_has_jumped_is_refused_unless_a_moment_is_given(airflow: Airflow, tmp_path: Path) -> None:
    found = airflow.forked(
        _PRELUDE
        + """
import os
from pathlib import Path
from minsheng_faults import NeedsPerson
from minsheng.core.home import Home
home = Home(Path(os.environ["MINSHENG_HOME"]) / "lushan")
receipts = home.landing / "lushan-2022" / "receipts"
receipts.mkdir(parents=True)
told = []
for year in (1999, 2099):
    at = HOUR.replace(year=year).timestamp()
    os.utime(receipts, (at, at))
    try:
        with faults.plain_errors():
            wiring.require_steady_clock({"params": {}}, home)
    except NeedsPerson as error:
        told.append(str(error))
    told.append(wiring.require_steady_clock({"params": {"as_of": EARLY}}, home))
print(json.dumps(told))
""",
        MINSHENG_HOME=str(tmp_path),
    )

    assert isinstance(found, list)
    ahead, *_, back, given = found
    assert ahead.startswith("系统时钟：按它现在是 20") and "上次写入是 1999-01-01 08:00：时钟跳到了很久以后" in ahead
    assert "上次写入是 2099-01-01 08:00：时钟回拨了 → 请校正系统时钟" in back
    assert given is None


def test_a_moment_still_to_come_is_refused(airflow: Airflow) -> None:
    found = airflow.forked(
        _PRELUDE
        + """
from minsheng_faults import NeedsPerson
try:
    moment({"as_of": "2999-02-07T17:30:00+08:00"})
except NeedsPerson as error:
    print(json.dumps(str(error)))
"""
    )

    assert str(found).startswith("as_of：2999-02-07 17:30 还没有到，现在是 20")
    assert str(found).endswith(" → 请给一个已经过去的时刻，或不给 [moment_to_come]")


def test_a_moment_without_a_zone_is_refused(airflow: Airflow) -> None:
    found = airflow.forked(
        _PRELUDE
        + """
from minsheng_faults import NeedsPerson
try:
    moment({"as_of": "2022-02-07T17:30:00"})
except NeedsPerson as error:
    print(json.dumps(str(error)))
"""
    )

    assert found == (
        "as_of：“2022-02-07T17:30:00”不是带时区的时刻 → 请写成 2022-02-07T17:30:00+08:00 的样子 [moment_without_zone]"
    )


def test_what_may_pass_by_itself_is_tried_again(airflow: Airflow) -> None:
    found = airflow.forked(
        """
import json
from minsheng.core.errors import BusyError
from minsheng_faults import MayPass, plain_errors
try:
    with plain_errors():
        raise BusyError("warehouse_unusable", "warehouse.duckdb", reason="锁")
except MayPass as error:
    print(json.dumps(str(error)))
"""
    )

    assert (
        found == "warehouse.duckdb：DuckDB 用不了这个文件（锁） → "
        "请腾出磁盘空间或改正权限，再重新运行；什么也没有丢 [warehouse_unusable]"
    )


def test_what_a_person_must_put_right_is_one_line_and_not_tried_again(airflow: Airflow) -> None:
    found = airflow.forked(
        """
import json
from minsheng_faults import NeedsPerson
from minsheng.core.errors import UserError
from minsheng_faults import plain_errors
try:
    with plain_errors():
        raise UserError("yaml_tab", "plan.yaml")
except NeedsPerson as error:
    print(json.dumps([str(error), error.__cause__ is None and error.__suppress_context__]))
"""
    )

    assert found == ["plan.yaml：缩进用了制表符 → 请改用空格缩进 [yaml_tab]", True]


def test_an_empty_home_where_the_dag_has_worked_before_is_no_new_installation(airflow: Airflow) -> None:
    found = airflow.forked(
        _PRELUDE
        + """
import tempfile
from pathlib import Path
from minsheng_faults import NeedsPerson
from minsheng.core.home import Installation
from minsheng.core.layout import begin
def told(home, before):
    try:
        wiring.require_lived_in(home, {"prev_start_date_success": before})
    except NeedsPerson as error:
        return str(error).removeprefix(str(home.root))
    return "goes on"
empty, lived_in = Installation(Path(tempfile.mkdtemp())), Installation(Path(tempfile.mkdtemp()))
begin(lived_in.home("lushan"))
print(json.dumps([told(empty, None), told(empty, HOUR), told(lived_in, HOUR)]))
"""
    )

    assert found == [
        "goes on",
        "：是空的，而这个 DAG 在 2026-01-01 08:00+08:00 用过它 → 请确认磁盘已挂载；"
        "确要从头开始的，先手工运行一次 `minsheng run` [home_unmounted]",
        "goes on",
    ]
