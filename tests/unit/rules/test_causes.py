"""One fault of one cause is told once, and every fault stays on record."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from minsheng.flows.precheck import Checked, judge_files
from minsheng.mail.answer import forecast_text, parts
from tests.county import IN_MAY, IN_TIME, County
from tests.workbooks import as_bytes, blank, cell, lushan, manholes, sign

LINES = ("M01-01", "M01-02", "M01-03")
MAY = {"M01-01": (3240, 12610), "M01-02": (2280, 9530), "M01-03": (930, 3880)}
APRIL = {"M01-01": (3120, 9370), "M01-02": (2360, 7250), "M01-03": (960, 2950)}


def training(numbers: dict[str, tuple[int | None, int | None]], period: str = "2022-05") -> Workbook:
    """县人力资源和社会保障局: three lines with sums."""
    workbook = blank("RSJ", period)
    for code, (month, cumulative) in numbers.items():
        cell(workbook, code, "本月数").value = month
        cell(workbook, code, "累计数").value = cumulative
    sign(workbook)
    return workbook


@pytest.fixture
def reported(tmp_path: Path) -> County:
    """April is accepted from two units."""
    county = County(tmp_path)
    april = training({**APRIL}, "2022-04")
    county.send(
        ("RSJ", "4月.xlsx", as_bytes(april)), ("CGJ", "4月.xlsx", as_bytes(manholes(606, 606, "2022-04"))), at=IN_MAY
    )
    return county


def checked(county: County, unit: str, workbook: Workbook) -> Checked:
    folder = county.folder / "desk" / unit
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "5月.xlsx"
    path.write_bytes(as_bytes(workbook))
    (one,) = judge_files([path], lushan(), county.home, None, IN_TIME)
    return one


def causes(one: Checked) -> list[str]:
    return [f"{told.finding.rule} {told.finding.cell}" for _, found in parts(one.findings) for told in found]


def test_a_pair_of_cells_filled_in_the_wrong_way_round_is_one_cause(reported: County) -> None:
    one = checked(reported, "CGJ", manholes(811, 205))
    assert causes(one) == ["R13 F6"]
    assert {finding.rule for finding in one.findings} >= {"R13", "H01", "H03"}
    text = forecast_text(one.verdict, one.findings)
    assert "（1 处，" in text
    assert "上月累计 606 加本月数 811 应为 1417" in text
    assert text.count("→") == 1


def test_a_pair_of_lines_filled_in_the_wrong_way_round_is_one_cause(reported: County) -> None:
    one = checked(reported, "RSJ", training({**MAY, "M01-01": MAY["M01-02"], "M01-02": MAY["M01-01"]}))
    assert causes(one) == ["R15 F6"]
    assert [finding.cell for finding in one.findings if finding.rule == "H03"] == ["G6", "G7"]
    assert "请核对第 6 行和第 7 行" in forecast_text(one.verdict, one.findings)


def test_an_empty_line_is_one_cause(reported: County) -> None:
    one = checked(reported, "RSJ", training(dict.fromkeys(LINES, (None, None))))
    assert causes(one) == ["C10 F6", "C10 F7", "C10 F8"]
    assert len(one.findings) == 6
    text = forecast_text(one.verdict, one.findings)
    assert "同样要改的还有职业技能培训人次 · 累计数（填报!G6）。" in text


def test_faults_of_other_lines_do_not_follow(reported: County) -> None:
    one = checked(reported, "RSJ", training({**MAY, "M01-01": (12610, 3240), "M01-03": (930, 3900)}))
    assert causes(one) == ["R13 F6", "H03 G8"]


def test_what_explains_a_fault_is_written_with_it(reported: County) -> None:
    one = checked(reported, "CGJ", manholes(811, 205))
    assert {each.explained_by for each in one.findings if each.rule in ("H01", "H03")} == {"R13 填报!F6"}
