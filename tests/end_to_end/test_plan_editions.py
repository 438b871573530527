"""A plan that changes in the course of the year: what was said before stays said, and comes back by recovering."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from minsheng.commands.main import app
from minsheng.core.declarations import CALENDARS, RULES
from minsheng.core.errors import UserError
from minsheng.core.outcome import StageResult
from minsheng.landing.editions import edition_plan, editions
from minsheng.plan.calendar import is_working_day
from minsheng.validation.replay import replay
from minsheng.validation.rules import load_rules
from minsheng.verify.landing import verify_landing
from minsheng.verify.remembered import Remembered
from tests.received import Received, at, verdicts

pytestmark = pytest.mark.slow


@pytest.fixture
def county(tmp_path: Path) -> Received:
    return Received(tmp_path)


def test_an_edition_is_landed_once_and_again_when_it_has_changed(county: Received) -> None:
    county.take(1, at(2, 3))
    county.take(1, at(2, 4))
    assert [edition.received_at for edition in editions(county.home, "lushan-2022")] == [at(2, 3)]
    county.edit("units.yaml", "县城市管理局", "县城市管理局")
    county.add("units.yaml", "# 校对过\n")
    county.take(1, at(2, 5))
    assert [edition.received_at for edition in editions(county.home, "lushan-2022")] == [at(2, 3), at(2, 5)]
    assert list(verify_landing(county.home, Remembered())) == []


def test_an_edit_of_the_shared_calendar_is_an_edition_of_the_plan(county: Received) -> None:
    """Whoever puts a national holiday right edits every plan that takes it over; what is past keeps its days."""
    shared = county.plan.parent / "calendars"
    shutil.copytree(CALENDARS, shared)
    county.take(1, at(2, 3))
    text = (shared / "2022.yaml").read_text(encoding="utf-8")
    (shared / "2022.yaml").write_text(text.replace("last_day: 2022-04-05", "last_day: 2022-04-06"), encoding="utf-8")
    county.take(1, at(2, 4))
    first, second = (edition_plan(county.home, each) for each in editions(county.home, "lushan-2022"))
    qingming = date(2022, 4, 6)
    assert [is_working_day(plan.calendar, qingming) for plan in (first, second)] == [True, False]
    assert list(verify_landing(county.home, Remembered())) == []


def test_accepted_figures_come_back_after_a_change_of_lead(county: Received) -> None:
    """A figure of the former lead is judged by the plan of its day, however long ago that was."""
    assert verdicts(county.take(1, at(2, 3), county.manholes(1, 100, 100))) == {"accepted": 1}
    assert verdicts(county.take(2, at(3, 3), county.manholes(2, 100, 200))) == {"accepted": 1}
    published = county.content
    county.edit("items/M03.yaml", "lead_unit: CGJ", "lead_unit: ZJJ")
    told = refused(county.take(2, at(3, 4)))
    assert "items/M03.yaml（indicators.M03-01.lead_unit）：原为 CGJ，现为 ZJJ" in told and "2022-01 M03-01" in told
    assert county.content == published
    county.edit("items/M03.yaml", "lead_unit: ZJJ", "lead_unit: CGJ")
    county.edit("items/M03.yaml", "    lead_unit: CGJ", change("2022-03", "lead_unit: ZJJ") + "    lead_unit: CGJ")
    both = {("M03-01", "本月数"): 100, ("M03-01", "累计数"): 300, ("M03-02", "本月数"): 30, ("M03-02", "累计数"): 30}
    assert verdicts(county.take(3, at(4, 3), county.report("ZJJ", 3, both))) == {"accepted": 1}
    leads = "select period, lead_unit_code from pub_indicator_completion_v1 where indicator_code = 'M03-01' order by 1"
    assert county.published(leads) == [("2022-01", "CGJ"), ("2022-02", "CGJ"), ("2022-03", "ZJJ")]
    assert county.recovered() == county.content


def test_rules_tried_on_the_past_hold_it_against_the_plan_of_its_day(county: Received) -> None:
    """An indicator was renamed since: no difference between rule books comes from that."""
    county.take(1, at(2, 3), county.manholes(1, 100, 100))
    county.edit("items/M03.yaml", "name: 窨井设施维护改造数", "name: 窨井设施改造数")
    county.take(1, at(2, 4))
    assert len(editions(county.home, "lushan-2022")) == 2
    assert replay(county.run(at(2, 5)), load_rules(RULES)).differences == ()


def change(month: str, *lines: str) -> str:
    """An indicator's changes, as they stand in its file."""
    said = "".join(f"        {line}\n" for line in lines)
    return f"    changes:\n      - valid_from: {month}\n        document_no: 鲁办文〔2022〕40号\n{said}"


RED_FLOOR = "red_floor_pp: -30"


def refused(results: list[StageResult]) -> str:
    """Why the plan was not taken."""
    (told,) = (outcome.detail for result in results for outcome in result.outcomes if outcome.result == "failed")
    return told


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Received:
    """A county that has published January to March, each late by half; to be copied."""
    county = Received(tmp_path_factory.mktemp("published"))
    for month in (1, 2, 3):
        county.take(month, at(month + 1, 3), county.manholes(month, 30, 30 * month))
    return county


@pytest.fixture
def march(published: Received, tmp_path: Path) -> Received:
    return published.copied_to(tmp_path / "march")


def test_a_threshold_changed_without_a_date_is_refused_by_what_it_would_change(march: Received) -> None:
    published = march.content
    march.edit("plan.yaml", RED_FLOOR, "red_floor_pp: -5")
    told = refused(march.take(3, at(4, 4)))
    assert "plan.yaml（thresholds.red_floor_pp）：原为 -30，现为 -5" in told
    assert "2022-01 M03-01" in told and "状态由 滞后 变为 严重滞后" in told
    assert march.content == published == march.recovered()


ERRATUM = """- code: E01
  reason: 印发稿把 -5 误排为 -30
  document_no: 鲁办文〔2022〕31号
  decided_on: 2022-04-02
  indicators: [{codes}]
  valid_from: {begins}
  valid_to: {ends}
"""


def test_an_erratum_shows_what_it_replaced_and_why(march: Received) -> None:
    published = march.content
    march.edit("plan.yaml", RED_FLOOR, "red_floor_pp: -5")
    march.add("errata.yaml", ERRATUM.format(codes="M03-01", begins="2022-01", ends="2022-02"))
    told = refused(march.take(3, at(4, 4)))
    assert "2022-03 M03-01" in told, "a month of which the erratum says nothing"
    assert "2022-01" not in told
    march.edit("errata.yaml", "valid_to: 2022-02", "valid_to: 2022-03")
    march.take(3, at(4, 5))
    assert march.content != published
    errata = "select period, column_label, value_before, value_after from pub_plan_erratum_v1 where column_name = ?"
    assert march.published(f"{errata} order by 1", ["status_label"]) == [
        ("2022-01", "状态", "滞后", "严重滞后"),
        ("2022-02", "状态", "滞后", "严重滞后"),
        ("2022-03", "状态", "滞后", "严重滞后"),
    ]
    page = (march.home.reports / "lushan-2022" / "2022-02.html").read_text(encoding="utf-8")
    assert "方案勘误 E01（鲁办文〔2022〕31号）：" in page
    assert "状态原为 滞后，现为 严重滞后" in page and "印发稿把 -5 误排为 -30" in page
    assert march.recovered() == march.content


def test_an_erratum_once_received_stays(march: Received) -> None:
    march.edit("plan.yaml", RED_FLOOR, "red_floor_pp: -5")
    march.add("errata.yaml", ERRATUM.format(codes="", begins="2022-01", ends="2022-03"))
    march.take(3, at(4, 4))
    march.edit("errata.yaml", "印发稿", "打印稿")
    assert "勘误 E01 已经生效" in refused(march.take(3, at(4, 5)))


def test_plan_check_tells_what_a_home_would_be_changed_by(march: Received, tmp_path: Path) -> None:
    check = ["plan", "check", str(march.plan), "--home", str(march.home.installation.root)]
    unchanged = CliRunner().invoke(app, check)
    assert unchanged.exit_code == 0 and "与最近收到的一版相同" in unchanged.output
    march.edit("plan.yaml", RED_FLOOR, "red_floor_pp: -5")
    before = sorted(path for path in march.home.root.rglob("*"))
    refused = CliRunner().invoke(app, check)
    assert isinstance(refused.exception, UserError) and refused.exception.code == "past_rewritten"
    march.add("errata.yaml", ERRATUM.format(codes="", begins="2022-01", ends="2022-03"))
    told = CliRunner().invoke(app, check)
    assert "2022-02 M03-01 状态 滞后 → 严重滞后（勘误 E01）" in told.output, told.exception
    assert sorted(path for path in march.home.root.rglob("*")) == before, "looks, and changes nothing"


def test_a_county_that_was_never_run_has_nothing_to_be_changed(county: Received, tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["plan", "check", str(county.plan), "--home", str(tmp_path)])
    assert told.exit_code == 0 and "还没有收到过" in told.output
