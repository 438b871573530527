"""The steps of plans/README.md, taken to the letter in an empty folder: from an office's tables to a month."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook

from minsheng.core.declarations import ROOT
from minsheng.drafting.tables import office_tables
from minsheng.mail.contacts import load_contacts
from tests.workbooks import cell, sign

PAGE = (ROOT / "plans" / "README.md").read_text(encoding="utf-8")
_CHAPTER = re.search(r"^## 一小时新建一个县\n(.*?)^## ", PAGE, re.DOTALL | re.MULTILINE)
assert _CHAPTER
_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```", re.DOTALL | re.MULTILINE)
BLOCKS = _BLOCK.findall(_CHAPTER[1])
FILES = {name: text for _, name, text in BLOCKS if name}
COMMANDS = [text for kind, name, text in BLOCKS if kind == "sh"]
SHOWN = next(text for kind, name, text in BLOCKS if kind == "text" and not name)


def run(folder: Path, block: str) -> str:
    """Commands of the page until one fails; gives what was printed."""
    commands = Path(sys.executable).parent
    surroundings = os.environ | {
        "PATH": f"{commands}:{os.environ['PATH']}",
        "PYTHONPATH": f"{ROOT / 'etl'}:{ROOT}",
        "COLUMNS": "200",
    }
    command = ["bash", "-eu", "-s"]
    done = subprocess.run(command, cwd=folder, input=block, env=surroundings, capture_output=True, text=True)
    assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def fill_in(folder: Path) -> None:
    """What a clerk of 县住建局 does: the form that was made, filled in, signed, and left in the inbox."""
    (form,) = (folder / "报表").glob("ZJJ_*.xlsx")
    workbook = load_workbook(form)
    for code, month in (("M01-01", 100), ("M01-02", 1)):
        cell(workbook, code, "本月数").value = month
        cell(workbook, code, "累计数").value = month
    sign(workbook)
    (folder / "inbox" / "ZJJ").mkdir(parents=True)
    workbook.save(folder / "inbox" / "ZJJ" / form.name)


def begun(folder: Path) -> Path:
    """The county of the page, its plan complete."""
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "plans").mkdir()
    run(folder, COMMANDS[0])
    run(folder, COMMANDS[1])
    return folder / "plans" / "yexian-2024"


OPENING = "- {indicator: M01-01, period: 2024-09, value: 800, basis: 县督查局 9 月台账}\n"
PLAN = "--plan plans/yexian-2024"


@pytest.mark.slow
def test_a_county_that_begins_in_october_goes_on_from_september(tmp_path: Path) -> None:
    (begun(tmp_path) / "opening.yaml").write_text(OPENING, encoding="utf-8")
    run(tmp_path, f"minsheng template {PLAN} --period 2024-10 --unit ZJJ --out 报表")
    (form,) = (tmp_path / "报表").glob("ZJJ_*.xlsx")
    workbook = load_workbook(form)
    assert cell(workbook, "M01-01", "上月累计").value == 800
    (tmp_path / "inbox" / "ZJJ").mkdir(parents=True)
    for total in (850, 900):
        for code, month, cumulative in (("M01-01", 100, total), ("M01-02", 1, 1)):
            cell(workbook, code, "本月数").value = month
            cell(workbook, code, "累计数").value = cumulative
        sign(workbook)
        workbook.save(tmp_path / f"{total}.xlsx")
    checked = run(tmp_path, f"minsheng check 850.xlsx {PLAN} --period 2024-10 --as-of 2024-11-01T10:00 || true")
    assert "上月累计 800 加本月数 100 应为 900，表内累计数是 850" in checked
    (tmp_path / "900.xlsx").rename(tmp_path / "inbox" / "ZJJ" / form.name)
    run(tmp_path, f"minsheng run {PLAN} --period 2024-10 --inbox inbox --home home --as-of 2024-11-01T10:00")
    traced = run(tmp_path, "minsheng trace M01-01 --home home --period 2024-10")
    assert "2024-09 的累计数" in traced and "县督查局 9 月台账" in traced
    later = run(tmp_path, f"minsheng template {PLAN} --period 2024-11 --unit ZJJ --out 十一月 --home home")
    (form,) = (tmp_path / "十一月").glob("ZJJ_*.xlsx")
    assert cell(load_workbook(form), "M01-01", "上月累计").value == 900, later


def test_the_page_lists_the_columns_that_are_read() -> None:
    for table in office_tables().values():
        for column in table.columns:
            others = f"（{'、'.join(column.aliases)}）" if column.aliases else ""
            needed = "，必填" if column.is_required else ""
            assert f"| {table.sheet} | {column.heading}{others}{needed} | {column.help} |\n" in PAGE


@pytest.mark.slow
def test_a_county_is_begun_and_its_first_month_published(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "plans").mkdir()
    begin, complete, forms, month = COMMANDS
    assert run(tmp_path, begin) == SHOWN
    contacts = load_contacts(tmp_path / "yexian.yaml")
    assert contacts.of("WJW") == ("wjw@yexian.example", "wjw-bgs@yexian.example")
    checked = run(tmp_path, complete)
    assert "2 个项目，3 项指标，3 个单位" in checked and "2024-01 截止 2024-02-05 18:00（周一）" in checked
    assert "2024-09 截止 2024-10-08 18:00（周二）" in checked  # after the national holidays
    run(tmp_path, forms)
    fill_in(tmp_path)
    status = run(tmp_path, month)
    assert "老旧小区开工改造户数" in status
    with duckdb.connect(tmp_path / "home" / "published" / "current" / "marts.duckdb", read_only=True) as connection:
        rows = connection.execute(
            "select indicator_code, actual_value, target_value, submission_status from pub_indicator_completion_v1"
            " where period = '2024-01' order by indicator_code"
        ).fetchall()
    assert [(code, float(actual or 0), float(target), told) for code, actual, target, told in rows] == [
        ("M01-01", 100, 1200, "accepted"),
        ("M01-02", 1, 15, "accepted"),
        ("M02-01", 0, 0.6, "not_due"),
    ]
    assert (tmp_path / "home" / "yexian" / "reports" / "index.html").is_file()
