"""``minsheng rules replay``: what other rules would have decided of everything received; changes nothing."""

import json
import re
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from minsheng.commands.rules import rules_app
from minsheng.core.declarations import ROOT, RULES
from minsheng.core.errors import UserError
from minsheng.core.period import Period
from minsheng.stages.validate import validate
from minsheng.warehouse.connection import open_warehouse
from minsheng.warehouse.plan_rows import open_rows
from tests.county import IN_MAY, LATE, ZONE, County
from tests.workbooks import as_bytes, cell, manholes

pytestmark = pytest.mark.slow

SWAP = "title: 本月增量过大\n  severity: warn"
STRICTER = "title: 本月增量过大\n  severity: reject"
FINDING = "本月数 1500 占年度目标 2032 的 74%，超过 50%，请确认没有多填。"

Candidate = Callable[..., Path]


@pytest.fixture
def candidate(tmp_path: Path) -> Candidate:
    """A rule folder that differs from ours in H04: it refuses, and says more if told to."""

    def make(more: str = "") -> Path:
        folder = Path(shutil.copytree(RULES, tmp_path / "rules"))
        text = (RULES / "history.yaml").read_text(encoding="utf-8")
        assert SWAP in text
        (folder / "history.yaml").write_text(text.replace(SWAP, STRICTER + more), encoding="utf-8")
        return folder

    return make


def replay(county: County, *arguments: str | Path) -> str:
    command = ["replay", "--plan", ROOT / "plans" / "lushan-2022", "--home", county.home.installation.root, *arguments]
    result = CliRunner().invoke(rules_app, [str(word) for word in command], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def send_two_months(county: County) -> None:
    """April far above half the year's target, May as usual."""
    county.send(("CGJ", "4月.xlsx", as_bytes(manholes(1500, 1600, "2022-04"))), at=IN_MAY)
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes(120, 1720))), ("CL", "坏.xlsx", b"PK\x03\x04"), at=LATE)


def test_the_rules_that_judged_decide_the_same_again(county: County) -> None:
    send_two_months(county)
    told = replay(county)
    assert re.match(r"用规则 \w+ 重新校验了 3 份文件\n", told)
    assert told.endswith("\n\n0 份文件的校验结论会改变\n")


def test_a_report_that_waited_for_its_month_is_replayed_when_that_was_opened(county: County) -> None:
    """June comes on 28 June and is judged in July, against a May corrected in between."""
    june, opened = (datetime(2022, month, day, 9, 0, tzinfo=ZONE) for month, day in ((6, 28), (7, 4)))
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes(120, 520))), at=LATE)
    assert county.send(("CGJ", "6月.xlsx", as_bytes(manholes(100, 620, "2022-06"))), at=june).count("waiting") == 1
    may = manholes(119, 519)
    cell(may, "M03-01", "更正").value, cell(may, "M03-01", "更正原因").value = "是", "重复计 1 座"
    county.send(("CGJ", "5月更正.xlsx", as_bytes(may)), at=opened - timedelta(days=2))
    with open_warehouse(county.home.warehouse) as connection:
        open_rows(connection, county.plan, Period(2022, 6), opened)
    validate(county.run(opened))
    warned = "select file_name from raw.finding inner join raw.submission using (submission_id) where rule_code = 'H03'"
    assert county.query(warned) == [("6月.xlsx",)]
    told = json.loads(replay(county, "--json"))
    assert (told["file_count"], told["differences"], told["changes"]) == (3, [], [])


def test_a_stricter_rule_shows_whom_it_would_have_refused_and_where(county: County, candidate: Candidate) -> None:
    send_two_months(county)
    before = county.home.warehouse.read_bytes()
    assert replay(county, "--rules", candidate()).splitlines()[1:] == [
        "",
        "H04 本月增量过大",
        "  1 份将会退回（其中已接收 1 份）",
        f"    CGJ 2022-04 4月.xlsx 填报!F6 {FINDING}",
        "  1 份不再提醒（其中已接收 1 份）",
        f"    CGJ 2022-04 4月.xlsx 填报!F6 {FINDING}",
        "",
        "1 份文件的校验结论会改变",
        "  CGJ 2022-04 4月.xlsx：已接收 → 已退回",
    ], "May is held against the April that was accepted, whatever the candidate says of it"
    assert county.home.warehouse.read_bytes() == before


def test_a_rule_taken_out_shows_which_refusals_go(county: County, tmp_path: Path) -> None:
    send_two_months(county)
    folder = Path(shutil.copytree(RULES, tmp_path / "rules"))
    file = folder / "file.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("value_set: [damaged, ", "value_set: ["), encoding="utf-8")
    told = json.loads(replay(county, "--rules", folder, "--rule", "F02", "--json"))
    assert [(one["kind"], one["rule"], one["file"]["unit_code"]) for one in told["differences"]] == [
        ("gone", "F02", "CL")
    ]
    ((change),) = told["changes"]
    assert (change["file"]["verdict"], change["verdict"]) == ("rejected", "accepted")


def test_a_rule_that_begins_in_june_leaves_a_late_report_for_may_alone(county: County, candidate: Candidate) -> None:
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes(1500, 1900))), at=LATE)
    folder = candidate("\n  valid_from: 2022-06")
    assert "将会退回" not in replay(county, "--rules", folder)
    assert "1 份将会退回（其中已接收 1 份）" in replay(county, "--rules", folder, "--ignore-dates")


def test_an_unknown_rule_is_our_words(county: County) -> None:
    with pytest.raises(UserError, match="没有规则“X99”"):
        replay(county, "--rule", "X99")


def test_a_home_without_a_warehouse_is_told_so(tmp_path: Path, county: County) -> None:
    county.home.warehouse.unlink()
    with pytest.raises(UserError, match="没有 lushan 的数据"):
        replay(county)
