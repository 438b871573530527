"""What ``make run`` and ``make up`` do around Airflow, without starting it."""

from __future__ import annotations

import io
import json
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.plan.county import as_county
from minsheng.plan.loader import load_plan
from minsheng.plan.run import Run
from minsheng.stages.pull import pull
from scripts.airflow_api import TaskAttempt
from scripts.failure import tell_failure
from scripts.local_airflow import HOST, Folder, free_port, owned, password
from scripts.replay import Step, is_all_known, left_to_do, require_home_of_examples, steps
from tests.dags.conftest import ROOT

ZONE = ZoneInfo("Asia/Shanghai")
_FAILED = TaskAttempt("build_marts", "run 1", "build", -1, 2, "failed", 1.5)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "logs").mkdir()
    return Folder(tmp_path)


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    for moment in ("2022-02-07T1730", "2022-03-07T1730", "2022-03-09T1000"):
        file = tmp_path / "examples" / moment / "RSJ" / "report.xlsx"
        file.parent.mkdir(parents=True)
        file.write_text(moment, encoding="utf-8")
    return tmp_path / "examples"


def test_months_open_and_deliveries_arrive_in_the_order_of_time(examples: Path) -> None:
    titles = [step.title for step in steps(examples, ZONE)]

    assert titles == [
        "2022-02-01 08:00 开月 2022-01",
        "2022-02-07 17:30 收件",
        "2022-03-01 08:00 开月 2022-02",
        "2022-03-07 17:30 收件",
        "2022-03-09 10:00 收件",
    ]


def test_a_replay_cut_short_goes_on_with_the_last_delivery_that_landed(examples: Path, tmp_path: Path) -> None:
    plan, home, all_steps = load_plan(ROOT / "plans" / "lushan-2022"), Home(tmp_path / "home"), steps(examples, ZONE)
    assert list(left_to_do(all_steps, home)) == all_steps

    def receive(step: Step) -> None:
        assert step.inbox is not None
        pull(Run(home, as_county([plan]), step.as_of, "test"), step.inbox)

    receive(all_steps[1])
    receive(all_steps[3])
    assert left_to_do(all_steps, home)[0].title == "2022-03-07 17:30 收件"
    assert not is_all_known(all_steps, home)

    receive(all_steps[4])
    assert is_all_known(all_steps, home)


def test_made_up_reports_never_get_among_real_ones(examples: Path, tmp_path: Path) -> None:
    plan, home, all_steps = load_plan(ROOT / "plans" / "lushan-2022"), Home(tmp_path / "home"), steps(examples, ZONE)
    require_home_of_examples(all_steps, home)
    for step in all_steps:
        if step.inbox:
            pull(Run(home, as_county([plan]), step.as_of, "test"), step.inbox)
    require_home_of_examples(all_steps, home)

    real = tmp_path / "inbox" / "CL" / "5月.xlsx"
    real.parent.mkdir(parents=True)
    real.write_text("real", encoding="utf-8")
    pull(Run(home, as_county([plan]), all_steps[-1].as_of, "test"), tmp_path / "inbox")
    with pytest.raises(UserError) as error:
        require_home_of_examples(all_steps, home)
    told = "有 1 份不是示例的报表，如 5月.xlsx → 请用 MINSHENG_HOME 指定别的数据目录"
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("yesterday", "yesterday：文件夹名不是时刻 → 请写成 2022-02-07T1730 的样子 [examples_name_malformed]"),
        (None, "examples：没有示例报送 → 请用 `make examples` 生成 [examples_missing]"),
    ],
)
def test_examples_that_cannot_be_replayed_are_refused(tmp_path: Path, name: str | None, message: str) -> None:
    (tmp_path / "examples" / (name or "")).mkdir(parents=True)

    with pytest.raises(UserError) as error:
        steps(tmp_path / "examples", ZONE)

    assert str(error.value).endswith(message)


def test_one_airflow_a_folder(folder: Folder) -> None:
    told = "另一个 Airflow 正在用这个文件夹 → 请先停止"
    with owned(folder), pytest.raises(UserError, match=told), owned(folder):
        pytest.fail("taken twice")


def test_what_a_killed_run_left_behind_is_ended_and_nothing_else(folder: Folder) -> None:
    folder.mark.write_text("abc", encoding="utf-8")
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    ours, foreign = (
        subprocess.Popen(sleep, env={"MINSHENG_AIRFLOW_MARK": mark}, start_new_session=True) for mark in ("abc", "abcd")
    )
    try:
        with owned(folder):
            assert ours.wait(10) == -9
            assert foreign.poll() is None
    finally:
        foreign.kill()
        foreign.wait()


def test_the_password_is_kept_and_nobody_else_reads_it(folder: Folder) -> None:
    made = password(folder)

    assert len(made) >= 12
    assert password(folder) == made
    assert folder.passwords.stat().st_mode & 0o777 == 0o600


def test_a_port_in_use_is_passed_over() -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        assert port < free_port(port) < port + 50


def test_a_failed_task_is_shown_with_its_log_and_its_end(folder: Folder) -> None:
    log = folder.task_log(_FAILED)
    log.parent.mkdir(parents=True)
    entries: list[dict[str, object]] = [{"event": f"line {number}"} for number in range(20)]
    entries.append({"event": "Task failed", "error_detail": [{"exc_type": "CheckFailed", "exc_value": "2 rows"}]})
    log.write_text("\n".join(map(json.dumps, entries)), encoding="utf-8")
    out = io.StringIO()

    tell_failure(Console(file=out, width=300), _FAILED, log)

    shown = out.getvalue().splitlines()
    assert shown[0] == "任务失败 build_marts / build（运行 run 1，failed）"
    assert shown[1].endswith("dag_id=build_marts/run_id=run 1/task_id=build/attempt=2.log")
    assert shown[-2:] == ["  Task failed", "  CheckFailed: 2 rows"]
    assert len(shown) == 2 + 12
    assert "map_index=3" in str(folder.task_log(replace(_FAILED, map_index=3)))
