"""Corrections and exceptions of a year, and the difference of two revisions, from a few files of the example county."""

from __future__ import annotations

import html
import re
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from typer.testing import CliRunner

from minsheng.commands.publication import publication_app
from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.landing.decisions import Decision, land_decision
from minsheng.plan.run import Run
from minsheng.publication.differences import find_both, table_differences
from minsheng.publication.revisions import all_revisions
from minsheng.stages.pull import pull
from minsheng.stages.receive_plan import receive_plan
from minsheng.stages.report import report
from minsheng.views.difference import difference_lines
from tests.sharing import made_once
from tests.trace.conftest import EXAMPLES, copied, judge_all, make_home, publish_all

pytestmark = pytest.mark.slow

CORRECTED = ("2022年4月", "窨井设施维护改造数", "县城管局", "634", "606", "28 个窨井与上月重复统计，予以核减")


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Published twice; in between a late file came, and people decided this and that."""
    root = tmp_path_factory.mktemp("exceptions")
    run = copied(made_once(tmp_path_factory, "trace", make_home), root / "home")
    receive_plan(run)
    shutil.copytree(EXAMPLES / "2022-06-06T1730" / "CL", root / "late" / "CL")
    run = replace(run, as_of=run.as_of + timedelta(days=1))
    pull(run, root / "late")
    until = run.as_of + timedelta(days=9)
    for one in (
        Decision("extended", run.as_of, "张三", "汛期", "鲁民实办〔2022〕9号", until_at=until),
        Decision("reopened", run.as_of, "李四", "核实多报", until_at=until, indicator_code="M03-01"),
        Decision("signature_withdrawn", run.as_of, "王五", "数未核实"),
    ):
        land_decision(run.home, "lushan-2022", replace(one, period="2022-06", unit_code="CGJ"))
    land_decision(run.home, "lushan-2022", Decision("rule_off", run.as_of, "赵六", "口径有误", rule_code="F30"))
    judge_all(run)
    publish_all(run)
    report(run)
    return run


@pytest.fixture(scope="module")
def page(later: Run) -> str:
    return (later.home.reports / "lushan-2022" / "exceptions.html").read_text(encoding="utf-8")


def section(page: str, title: str) -> str:
    """What stands in one list, without tags."""
    body = page.split(f"<h2>{title}</h2>")[1].split("</section>")[0]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body))).strip()


def test_a_correction_is_told_with_what_it_was_who_why_and_when(page: str) -> None:
    assert " ".join([*CORRECTED, "2022-05-16 09:00"]) in section(page, "更正")
    assert 'href="indicators/M03-01.html"' in page


def test_every_decision_stands_under_its_kind_with_who_and_why(page: str) -> None:
    told = section(page, "延期")
    assert "2022年6月 县城管局 全部 延期 2022-07-17 10:00 汛期 鲁民实办〔2022〕9号 张三 2022-07-08 10:00" in told
    assert "县城管局 窨井设施维护改造数 重新开放 2022-07-17 10:00 核实多报 — 李四" in section(
        page, "关闭和重新开放的月份"
    )
    assert "撤回审签 — 数未核实 — 王五" in section(page, "撤回的审签")
    assert "迟报 停用 口径有误 — 赵六 2022-07-08 10:00" in section(page, "停用、恢复的规则")
    assert section(page, "豁免") == section(page, "方案勘误") == "没有。"


def test_who_was_late_is_told_by_month(page: str) -> None:
    told = section(page, "迟报、补报和未报送")
    assert "2022年6月 县交通运输局 已退回 2022-07-05 18:00 —" in told
    assert "2022年6月 县残联 未报送" in told
    assert told.index("2022年6月") < told.index("2022年5月")


def test_no_code_is_shown(page: str) -> None:
    shown = re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
    assert not re.findall(r"\b[A-Z]\d\d\b|\b[A-Z]{3,}(?:_[A-Z]+)*\b|rule_off|extended", shown)


def test_the_pages_lead_there_and_the_issued_one_stays_as_it_is(later: Run) -> None:
    folder = later.home.reports
    assert 'href="lushan-2022/exceptions.html"' in (folder / "index.html").read_text("utf-8")
    assert 'href="exceptions.html"' in (folder / "lushan-2022" / "2022-06.html").read_text("utf-8")


def test_an_indicators_page_leads_to_the_file_itself(later: Run) -> None:
    folder = later.home.reports / "lushan-2022" / "indicators"
    links = re.findall(r'href="(\.\./\.\./\.\./originals/[^"]+)"', (folder / "M03-01.html").read_text("utf-8"))
    assert len(links) == 2
    for link in links:
        file = folder / unquote(link)
        assert file.is_file() and file.suffix == ".xlsx" and file.resolve().is_relative_to(later.home.landing)


def lines(home: Home, most: int = 20) -> list[str]:
    first, second = all_revisions(home)
    return difference_lines(home, first, second, most)


def test_two_revisions_differ_by_table_key_and_column_in_words(later: Run) -> None:
    told = lines(later.home, 1000)
    assert (
        "2022年5月残疾儿童康复救助人数（县残联）：累计完成原为 —，现为 58；状态原为未报送，现为超序时进度（补报）。"
        in told
    )
    at = told.index("指标完成情况：改 2 行")
    row = next(line for line in told[at:] if line.startswith("  改 2022-05 · 残疾儿童康复救助人数："))
    assert "实际完成值 原为 —，现为 58" in row and "状态 原为 未报送，现为 超序时进度" in row
    assert not [line for line in told if re.search(r"NOT_REPORTED|ON_TRACK|missing|accepted", line)]


def test_of_a_long_table_some_rows_are_named_and_the_others_counted(later: Run) -> None:
    told = lines(later.home, 1)
    assert any(re.fullmatch(r"  另有 \d+ 行（--rows 可以多列）", line) for line in told)


def test_a_revision_does_not_differ_from_itself(later: Run) -> None:
    (first, _) = all_revisions(later.home)
    assert table_differences(first, first) == []
    assert difference_lines(later.home, first, first, 20) == []


def test_revisions_nobody_kept_are_refused_in_one_message(later: Run) -> None:
    with pytest.raises(UserError, match=r"^发布版本：没有保留 98、99 → 保留的有 000001-"):
        find_both(later.home, "98", "99")


def test_the_commands_say_the_same(later: Run, tmp_path: Path) -> None:
    asked = ["--home", str(later.home.installation.root)]
    differ = CliRunner().invoke(publication_app, ["diff", "1", "2", *asked])
    assert differ.exit_code == 1 and "各表：" in differ.output
    same = CliRunner().invoke(publication_app, ["diff", "2", "2", *asked])
    assert (same.exit_code, same.output) == (0, "两个版本没有不同\n")
    told = CliRunner().invoke(publication_app, ["exceptions", *asked])
    assert told.exit_code == 0
    assert "更正（1）" in told.output and "豁免：没有" in told.output and "汛期" in told.output
