"""From a published figure of the example county back to the cells it was read from, on paper and in a terminal."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import duckdb
import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from minsheng.commands.trace import trace
from minsheng.core.declarations import ROOT
from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.plan.run import Run
from minsheng.publication.bulletins import IssuedBulletin, hashes, keep_issued, lay_out
from minsheng.stages.pull import pull
from minsheng.trace import Question, ask, dossier_page, make_dossier, print_dossier
from minsheng.trace.layout import Dossier, Section, TraceSheet, TraceTable
from minsheng.trace.sheet import make_sheet
from minsheng.views.terminal import console as terminal
from tests.trace.conftest import EXAMPLES, OPENED, judge_all, read_trace

pytestmark = pytest.mark.slow

WIDTH = 100
PLAN = ROOT / "plans" / "lushan-2022"


def sheet(run: Run, period: str, indicator: str) -> TraceSheet:
    return make_sheet(read_trace(run.home, None, period, indicator))


def table(section: Section, title: str) -> TraceTable:
    return next(one for one in section.tables if title in one.title)


def steps(one: TraceSheet) -> dict[str, tuple[str, ...]]:
    """The arithmetic by what is computed: sum, exact result, as published."""
    return {row[0]: row[1:] for row in table(one.sections[0], "算法").rows}


def places(one: TraceSheet) -> dict[str, tuple[str, str]]:
    """Every cell told of: where it stands, and what is written there."""
    return {row[0]: (row[1], row[3]) for row in one.sections[2].tables[0].rows}


def dossier(run: Run, period: str | None = None, indicator: str | None = None, **asked: str) -> Dossier:
    return make_dossier(run.home, ask(run.home, Question(period=period, indicator=indicator, **asked)))


def page(run: Run, period: str | None = None, indicator: str | None = None, **asked: str) -> str:
    return dossier_page(dossier(run, period, indicator, **asked)).decode()


def text(run: Run, period: str, indicator: str, width: int = WIDTH) -> str:
    out = StringIO()
    print_dossier(dossier(run, period, indicator), Console(file=out, width=width, highlight=False))
    return out.getvalue()


def test_a_corrected_figure_leads_to_the_cell_of_the_file_that_corrected_it(county: Run) -> None:
    one = sheet(county, "2022-04", "M03-01")
    assert one.verdict == "8 项核对全部一致"
    assert steps(one) == {
        "累计数勾稽": ("上月累计 434 ＋ 本月 172", "606", "相符"),
        "实际完成": ("累计数 606", "606", "606 个"),
        "完成率": ("606 ÷ 2,032", "303/1016 ≈ 29.8228%", "29.8%"),
        "序时进度": ("4 个月 ÷ 12 个月", "1/3 ≈ 33.3333%", "33.3%"),
        "差距": ("完成率 29.8228% － 序时进度 33.3333%", "≈ -3.5105 个百分点", "-3.5 个百分点"),
        "是否达到目标": ("606 ≥ 2,032", "不成立", "未达到"),
        "状态": ("差距不低于 -30 个百分点，低于 0 个百分点", "滞后", "滞后（黄灯）"),
    }
    assert dict(one.sections[1].facts)["文件名"] == "附件-4月（更正）.xlsx"
    assert places(one)["累计数（计入）"] == ("填报!G6", "606")
    assert places(one)["更正原因"] == ("填报!M6", "28 个窨井与上月重复统计，予以核减")
    versions, files = one.sections[4].tables
    assert [row[:4] for row in versions.rows] == [
        ("第 1 版", "634（本月 200）", "2022-05-05 17:30", "2022-05-16 09:00"),
        ("第 2 版", "606（本月 172）", "2022-05-16 09:00", "现行"),
    ]
    reason = "28 个窨井与上月重复统计，予以核减"
    assert versions.rows[1][5] == f"更正：原为 634（本月 200）；原因：{reason}"
    assert [(row[1], row[5]) for row in files.rows] == [
        ("附件-4月.xlsx", "第 1 版"),
        ("附件-4月（更正）.xlsx", "第 2 版"),
    ]


def test_a_rate_is_divided_once_from_its_two_cells(county: Run) -> None:
    one = sheet(county, "2022-06", "M07-05")
    assert one.verdict == "8 项核对全部一致"
    assert dict(one.sections[0].facts)["目标"] == "不少于 98%"
    assert places(one)["分子（计入）"] == ("填报!K10", "1841")
    assert places(one)["分母（计入）"] == ("填报!L10", "1890")
    assert steps(one)["实际完成"] == ("1,841 ÷ 1,890", "263/270 ≈ 97.4074%", "97.4%")
    assert steps(one)["完成率"] == ("（1,841 ÷ 1,890） ÷ 98%", "1315/1323 ≈ 99.3953%", "99.4%")
    assert steps(one)["差距"] == ("实际 97.4074% － 目标 98%", "≈ -0.5926 个百分点", "-0.6 个百分点")


def test_a_fixed_denominator_is_the_plans_and_no_cells(county: Run) -> None:
    one = sheet(county, "2022-06", "M10-02")
    assert places(one)["分母"] == ("填报!L7", "787109")
    assert one.sections[2].notes[0].startswith("分母 787,109 由工作方案规定（鲁办文〔2022〕15号，方案 sha256 ")
    assert steps(one)["实际完成"] == ("443,760 ÷ 787,109", "443760/787109 ≈ 56.3785%", "56.4%")


def test_a_register_indicator_shows_every_member_and_its_cell(county: Run) -> None:
    one = sheet(county, "2022-06", "M06-02")
    assert steps(one)["实际完成"] == ("各成员中最小的：min(52，54，55，46)", "46", "46 张")
    assert table(one.sections[2], "街道名录").rows == (
        ("410423001 露峰街道", "明细!F10", "52", "达到"),
        ("410423002 琴台街道", "明细!F11", "54", "达到"),
        ("410423003 鲁阳街道", "明细!F12", "55", "达到"),
        ("410423004 汇源街道", "明细!F13", "46", "未达到"),
    )
    covered = sheet(county, "2022-06", "M06-01")
    assert steps(covered)["实际完成"] == ("达到的 4 个 ÷ 4", "100%", "100.0%")


def test_reaching_a_target_that_must_be_exceeded_is_said_not_to_be_enough(county: Run) -> None:
    one = sheet(county, "2022-06", "M09-02")
    assert steps(one)["是否达到目标"] == ("60 ＞ 60", "不成立", "未达到，恰好相等不算达到")
    assert dict(one.sections[0].facts)["目标"] == "超过 60 人次，等于不算达到"


def test_rules_passed_and_not_passed_are_told_with_their_version(county: Run) -> None:
    one = sheet(county, "2022-06", "M02-04")
    rules = one.sections[3]
    told = dict(rules.facts)["规则适用情况"].split()
    passed = sum(int(row[1]) for row in table(rules, "所列为违反时的说法").rows)
    unpassed = table(rules, "没有全部通过").rows
    assert int(told[0]) == passed + len(unpassed)
    assert ("F30", "迟报", "1", "1", "0", "提醒") in unpassed
    assert table(rules, "发现的问题").rows[0][:3] == ("F30", "提醒", "整份文件")


def test_without_a_report_it_says_what_is_missing_and_who_owes_it(county: Run) -> None:
    missing = sheet(county, "2022-06", "M08-01")
    assert missing.warnings == (
        "县残联应于 2022-07-05 18:00 前报送2022年6月的报表；到数据时点 2022-07-07 10:00 没有收到，因此没有数。",
    )
    assert missing.verdict == "6 项核对全部一致"
    rejected = sheet(county, "2022-06", "M04-01")
    assert rejected.warnings == (
        "县交通运输局应于 2022-07-05 18:00 前报送2022年6月的报表；收到的 1 份都已退回（问题见第四部分），"
        "至今没有收到改正后的报表，因此没有数。",
    )
    refusals = [row[:3] + row[5:] for row in rejected.sections[3].tables[0].rows]
    assert ("H01", "退回", "M04-02", "累计数 5 小于 2022-05 已接收的 6。") in refusals
    assert places(rejected)["累计数（未计入）"][0] == "填报!G6"


def test_without_a_basis_it_says_which_one(county: Run) -> None:
    assert sheet(county, "2022-06", "M02-04").warnings == (
        "缺上年 1—6 月的同期累计数（或为 0），无法判定；须由县医疗保障局提供，写入工作方案，方案未定期限。",
    )
    assert sheet(county, "2022-06", "M06-03").warnings[0].startswith("缺社区居委会名录的成员，分母无从核对，")


def test_every_figure_of_every_month_agrees_with_the_cells(county: Run) -> None:
    with duckdb.connect(county.home.current / "marts.duckdb", read_only=True) as connection:
        query = "select period, indicator_code from pub_indicator_completion_v1"
        figures = connection.execute(query).fetchall()
    sheets = [one for period in OPENED for one in dossier(county, str(period)).sheets]
    verdicts = {one.anchor: one.verdict for one in sheets}
    assert sorted(verdicts) == sorted("-".join(key) for key in figures)
    assert len(verdicts) == 96
    assert [key for key, verdict in verdicts.items() if not verdict.endswith("全部一致")] == []


def test_bytes_that_were_changed_or_lost_since_are_noticed(own_county: Run) -> None:
    found = read_trace(own_county.home, None, "2022-04", "M03-01").original
    assert found
    original = own_county.home.root / found.path
    original.chmod(0o644)
    original.write_bytes(original.read_bytes() + b" ")
    spoilt = sheet(own_county, "2022-04", "M03-01")
    assert spoilt.verdict == "8 项核对中 1 项不一致：报表原件"
    assert re.fullmatch("已被改动，现 sha256 为 [0-9a-f]{64}", dict(spoilt.sections[1].facts)["原件现状"])
    original.unlink()
    assert dict(sheet(own_county, "2022-04", "M03-01").sections[1].facts)["原件现状"] == "已不在原件区"


def test_a_published_file_that_was_changed_is_noticed(own_county: Run) -> None:
    database = own_county.home.current.resolve() / "marts.duckdb"
    database.chmod(0o644)
    with duckdb.connect(database) as connection:
        connection.execute("update pub_indicator_completion_v1 set actual_value = 1300 where indicator_code = 'M03-01'")
    assert sheet(own_county, "2022-04", "M03-01").verdict == "8 项核对中 2 项不一致：发布文件、实际完成"


def test_a_value_that_is_not_what_its_cell_says_is_noticed(own_county: Run) -> None:
    changed = "update raw.cell set number_value = number_value + 1 where indicator_code = ? and field = ?"
    with duckdb.connect(own_county.home.warehouse) as connection:
        for cell in (("M03-01", "cumulative"), ("M07-05", "denominator"), ("M06-02", "value")):
            connection.execute(changed, cell)
    assert sheet(own_county, "2022-04", "M03-01").verdict == "8 项核对中 1 项不一致：单元格"
    told = {one.label: one.result for one in sheet(own_county, "2022-06", "M07-05").checks}
    assert told["单元格"] == "与计入的数不同：填报!L10"
    told = {one.label: one.result for one in sheet(own_county, "2022-06", "M06-02").checks}
    assert told["单元格"] == "与计入的数不同：明细!F10、明细!F11、明细!F12、明细!F13"


def test_a_judgement_that_is_not_the_one_published_is_noticed(own_county: Run) -> None:
    changed = "update marts.indicator_judgement set {} where indicator_code = 'M03-01' and revision_no = 2"
    with duckdb.connect(own_county.home.warehouse) as connection:
        connection.execute(changed.format("completion_ratio = 0.5, gap_pp = 0, status_code = 'ON_TRACK'"))
    one = sheet(own_county, "2022-04", "M03-01")
    assert one.verdict == "8 项核对中 3 项不一致：完成率、差距（百分点）、状态"
    told = {check.label: check.result for check in one.checks}
    assert told["状态"] == "判定为符合序时进度，发布的是滞后"
    assert told["差距（百分点）"].startswith("判定所得为 0，发布的是 -3.510")


def test_the_version_that_was_published_is_explained_whatever_was_built_since(own_county: Run) -> None:
    newest = steps(sheet(own_county, "2022-04", "M03-01"))
    database = own_county.home.current.resolve() / "marts.duckdb"
    database.chmod(0o644)
    with duckdb.connect(own_county.home.warehouse, read_only=True) as connection:
        query = "select actual_value, completion_ratio, gap_pp from marts.indicator_judgement where {}"
        first = connection.execute(query.format("indicator_code = 'M03-01' and revision_no = 1")).fetchone()
    with duckdb.connect(database) as connection:
        of_first = "set revision_no = 1, actual_value = ?, completion_ratio = ?, gap_pp = ?"
        connection.execute(
            f"update pub_indicator_completion_v1 {of_first} where indicator_code = 'M03-01' and period = '2022-04'",
            first,
        )
    published = steps(sheet(own_county, "2022-04", "M03-01"))
    assert newest["实际完成"] == ("累计数 606", "606", "606 个")
    assert published["实际完成"] == ("累计数 634", "634", "634 个")
    assert published["完成率"] == ("634 ÷ 2,032", "317/1016 ≈ 31.2008%", "31.2%")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("drop table marts.indicator_judgement", "较早版本生成的"),
        ("delete from marts.indicator_judgement", "没有判定过已发布的第 2 版"),
        ("delete from star.fct_reported_value", "没有已发布的数所依据的文件"),
    ],
)
def test_a_warehouse_that_lacks_what_was_published_is_not_traced_by_guess(
    own_county: Run, change: str, words: str
) -> None:
    with duckdb.connect(own_county.home.warehouse) as connection:
        connection.execute(change)
    with pytest.raises(UserError, match=words):
        read_trace(own_county.home, None, "2022-04", "M03-01")


def test_what_came_after_the_publication_is_told_and_changes_nothing(own_county: Run, tmp_path: Path) -> None:
    before = steps(sheet(own_county, "2022-06", "M08-01"))
    shutil.copytree(EXAMPLES / "2022-06-06T1730" / "CL", tmp_path / "inbox" / "CL")
    later = replace(own_county, as_of=own_county.as_of + timedelta(days=1))
    pull(later, tmp_path / "inbox")
    judge_all(later)
    one = sheet(own_county, "2022-05", "M08-01")
    file = next((tmp_path / "inbox" / "CL").iterdir()).name
    assert one.warnings[-1] == (
        f"发布之后又收到“{file}”（2022-07-08 10:00，已接收），不在这次发布之内；本单所列为已发布的数。"
    )
    assert one.sections[4].tables[1].rows[0][5] == "发布之后收到，不在这次发布之内"
    assert steps(sheet(own_county, "2022-06", "M08-01")) == before


def test_a_question_nobody_can_answer_is_answered_with_what_can_be_asked(county: Run, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"^指标：没有叫“M99-01”的 → 最接近的有 M0"):
        read_trace(county.home, None, "2022-06", "M99-01")
    with pytest.raises(UserError, match=r"^--period：2022-07 没有开月 → 已发布的有 2022-04、2022-05、2022-06 \["):
        read_trace(county.home, None, "2022-07", "M03-01")
    with pytest.raises(UserError, match="没有发布过方案 other-2022"):
        read_trace(county.home, "other-2022", "2022-06", "M03-01")
    with pytest.raises(UserError, match="还没有发布过"):
        read_trace(Home(tmp_path / "lushan"), None, "2022-06", "M03-01")


def test_a_publication_of_an_earlier_version_is_not_traced_by_guess(own_county: Run) -> None:
    manifest = own_county.home.current.resolve() / "manifest.json"
    said = json.loads(manifest.read_text(encoding="utf-8"))
    del said["inputs"]
    manifest.chmod(0o644)
    manifest.write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(UserError, match=r"较早版本发布的（its manifest does not say 'inputs'） → 请重新"):
        read_trace(own_county.home, None, "2022-06", "M03-01")


def test_a_publication_stamped_in_another_zone_is_told_by_the_countys_clocks(own_county: Run) -> None:
    manifest = own_county.home.current.resolve() / "manifest.json"
    said = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.chmod(0o644)
    manifest.write_text(json.dumps(said | {"as_of": "2022-07-07T02:00:00+00:00"}), encoding="utf-8")
    one = sheet(own_county, "2022-06", "M08-01")
    assert dict(one.stamp)["数据时点"] == "2022-07-07 10:00"
    assert "到数据时点 2022-07-07 10:00 没有收到" in one.warnings[0]


def test_the_command_prints_or_writes_a_page(county: Run, tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(trace)
    asked = ["--home", str(county.home.installation.root), "--period", "2022-04", "M03-01"]
    printed = CliRunner().invoke(app, asked)
    assert (printed.exit_code, printed.output) == (0, text(county, "2022-04", "M03-01", terminal.width))
    file = tmp_path / "M03-01.html"
    written = CliRunner().invoke(app, [*asked, "--plan", str(PLAN), "--html", str(file)])
    assert (written.exit_code, written.output) == (0, f"{file}\n")
    assert file.read_text(encoding="utf-8") == page(county, "2022-04", "M03-01")


def test_figures_are_asked_for_by_code_name_unit_or_month(county: Run) -> None:
    def figures(period: str | None, indicator: str | None = None, unit: str | None = None) -> list[str]:
        return [code for _, code in ask(county.home, Question(None, period, indicator, unit)).figures]

    for indicator in ("M03-01", "m03-01", "窨井设施维护改造数", "窨井"):
        assert figures("2022-04", indicator) == ["M03-01"]
    for unit in ("CGJ", "县城管局", "城管"):
        assert figures("2022-04", unit=unit) == ["M03-01"]
    assert len(figures("2022-04")) == 32
    assert figures(None, "M03-01") == ["M03-01"] * 3  # every month there is
    assert figures("2022-04", unit="县财政局") == []  # leads nothing


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            Question(period="2022-04", indicator="改造"),
            r"^指标：“改造”有 3 个 → 请写编码：M03-01 .*、M03-02 .*、M04-01 ",
        ),
        (
            Question(period="2022-04", indicator="井窨设施改造数"),
            r"^指标：没有叫“井窨设施改造数”的 → 最接近的有 M03-01 窨井",
        ),
        (Question(period="2022-04", unit="县城建局"), r"^--unit：没有叫“县城建局”的 → 最接近的有 .*CGJ 县城管局"),
        (Question(period="2022-04", unit="中国"), r"^--unit：“中国”有 6 个 → 请写编码：CMCC 中国移动"),
        (Question(bulletin="3"), "^--bulletin：没有印发过通报 3 → 已印发的有 （还没有印发过通报）"),
        (Question(), "^trace：没有写明追溯什么 → "),
    ],
)
def test_a_name_that_fits_nothing_or_several_is_answered_with_what_is_near(
    county: Run, question: Question, told: str
) -> None:
    with pytest.raises(UserError, match=told):
        ask(county.home, question)


def test_a_months_dossier_is_one_page_with_every_sheet_and_every_file(county: Run) -> None:
    whole = dossier(county, "2022-06")
    assert whole.cover and len(whole.sheets) == 32
    assert whole.cover.subject == "2022年6月 全部指标"
    assert {one.label: one.result for one in whole.cover.checks}["各项指标"].startswith("32 张核对单、")
    assert whole.cover.is_good
    figures, duties, files = (section.tables[0] for section in whole.cover.sections)
    assert figures.anchors == tuple(sheet.anchor for sheet in whole.sheets)
    assert len(duties.rows) == 39
    assert {row[0] for row in files.rows} >= {"县交通运输局", "县民政局", "县医疗保障局"}
    name, sha256 = next(row[1] for row in files.rows if row[0] == "县民政局").split("\n")
    assert name == "民政局2022年6月民生实事报表.xlsx" and re.fullmatch("[0-9a-f]{64}", sha256)
    refused = whole.cover.sections[-1].tables[1]
    assert refused.title.startswith("县交通运输局“") and refused.title.endswith("退回的原因")
    html = page(county, "2022-06")
    assert (
        html.count("<main") == 1
        and html.count("<h1>") == 33
        and 'href="#2022-06-M06-02"' in html
        and 'id="2022-06-M06-02"' in html
    )


def test_a_units_dossier_holds_what_it_contributes_and_where_that_stands(county: Run) -> None:
    cover = dossier(county, "2022-06", unit="团县委").cover
    assert cover and cover.subject == "2022年6月 团县委"
    contributed = cover.sections[1].tables[0]
    assert contributed.title == "作为配合单位报的数"
    assert all(row[4].startswith("配合事项!") for row in contributed.rows)
    (file,) = cover.sections[3].tables[0].rows
    assert file[0] == "团县委" and file[3].endswith("2022-07-05T1730") and file[4:] == ("已接收", "方案不要求审签")


def test_a_signature_is_told_with_who_gave_it_and_when(own_county: Run) -> None:
    asked = "update raw.plan set signed_from = '2022-05'"
    with duckdb.connect(own_county.home.warehouse) as connection:
        connection.execute(asked)
    waiting = dict(sheet(own_county, "2022-06", "M06-02").sections[1].facts)
    assert waiting["审签"] == "待审签"
    source = read_trace(own_county.home, None, "2022-06", "M06-02").source
    assert source
    signed = (
        "insert into raw.decision (plan_id, decision_no, kind, decided_at, decided_by, submission_id) "
        "values ('lushan-2022', 1, 'signed', timestamptz '2022-07-05 18:00:00+08', '王局长', ?)"
    )
    with duckdb.connect(own_county.home.warehouse) as connection:
        connection.execute(signed, [source.submission_id])
    told = dict(sheet(own_county, "2022-06", "M06-02").sections[1].facts)
    assert told["审签"] == "王局长（2022-07-05 18:00）"
    assert told["来源"].endswith("2022-07-05T1730")


def test_a_bulletins_dossier_is_of_the_revision_it_was_made_from(own_county: Run) -> None:
    home, revision = own_county.home, own_county.home.current.resolve().name
    files = {"通报.docx": b"printed"}
    lay_out(home, "lushan-2022", 1, files)
    moment = own_county.as_of
    keep_issued(home, IssuedBulletin("lushan-2022", "2022-04", 1, moment, "王主任", revision, hashes(files)))
    for said in ("1", "第1期", "2022-04"):
        cover = dossier(own_county, bulletin=said).cover
        assert cover and cover.subject == "第 1 期通报 2022年4月 全部指标"
        assert ("通报.docx", "重新计算的 sha256 与印发时一致", True) in [
            (one.label, one.result, one.is_good) for one in cover.checks
        ]
    with pytest.raises(UserError, match=r"^--period：第 1 期通报是 2022-04 的"):
        ask(home, Question(period="2022-05", bulletin="1"))
    file = home.bulletins / "lushan-2022" / "issued" / "0001" / "通报.docx"
    file.chmod(0o644)
    file.write_bytes(b"changed")
    changed = dossier(own_county, bulletin="1").cover
    assert changed and not changed.is_good


def test_the_terminal_holds_everything_in_a_hundred_columns(county: Run) -> None:
    shown = text(county, "2022-04", "M03-01")
    console = Console(width=WIDTH)
    assert max(console.measure(line).maximum for line in shown.splitlines()) <= WIDTH
    for said in ("8 项核对全部一致", "606 ÷ 2,032", "填报!G6", "第 2 版", "滞后（黄灯）", "规则版本"):
        assert said in shown


class Seen(HTMLParser):
    """What a browser would fetch, and the words it would show."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [f"{tag} {name}" for name, _ in attrs if name in ("src", "href", "srcset", "data", "action")]
        self.fetched += [tag] if tag in ("script", "link", "iframe", "object") else []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_page_says_the_same_and_fetches_nothing(county: Run) -> None:
    html = page(county, "2022-04", "M03-01")
    seen = Seen()
    seen.feed(html)
    assert seen.fetched == []
    assert not re.search(r"url\(|@import|https?:", html)
    shown = " ".join(seen.words)
    for said in (
        "数据追溯核对单",
        "303/1016 ≈ 29.8228%",
        "填报!G6",
        "更正：原为 634（本月 200）",
        "核对人：",
        "日期：",
    ):
        assert said in shown
    assert county.home.current.resolve().name in shown


def test_what_a_unit_writes_is_text_and_nothing_else(own_county: Run) -> None:
    nasty = "<script>alert(1)</script>[red]&"
    with duckdb.connect(own_county.home.warehouse) as connection:
        connection.execute("update raw.cell set raw_text = ? where field = 'correction_reason'", [nasty])
    html = page(own_county, "2022-04", "M03-01")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;[red]&amp;" in html
    assert "<script>" not in html
    shown = text(own_county, "2022-04", "M03-01").replace("\n", "").replace(" ", "")
    assert "[red]&" in shown


def test_nobodys_name_and_nobodys_free_words_are_read(county: Run) -> None:
    cells = read_trace(county.home, None, "2022-06", "M06-02").cells
    assert {cell.field for cell in cells}.isdisjoint({"reporter", "reviewer", "phone", "progress", "issue"})
