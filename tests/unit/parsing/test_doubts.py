"""Remarks that take a number back, and remarks about the work that only sound like it."""

import pytest
from openpyxl.comments import Comment

from tests.workbooks import cell, manholes, read

DOUBTS = [
    "以上为4月数据",
    "本月数为4月数",
    "表中数据均为2021年5月份数据",
    "暂估数",
    "（预计数）",
    "本数为约数",
    "数据待核实",
    "累计数未经核实",
    "含计划数",
    "累计数含2021年",
    "本数含上年结转",
]
HARMLESS = [
    "以上为5月数据",
    "累计数含2022年新开工",
    "预计6月完工",
    "投资估算数待批",
    "新增签约数、预约数",
    "4月份数据已上报",
    "问题待核实",
    "截至5月25日已进场3处",
    "数据已核实",
    "含计划内外工程",
]


def noted(text: str, place: str) -> list[tuple[str, str | None]]:
    workbook = manholes()
    sheet = workbook["填报"]
    if place == "comment":
        cell(workbook, "M03-01", "本月数").comment = Comment(text, "示例")
    elif place == "remark":
        cell(workbook, "M03-01", "备注").value = text
    else:
        sheet["A20"] = text
    return [(one.field, one.text_value) for one in read(workbook).cells if one.field in ("doubt", "cut_off")]


@pytest.mark.parametrize("place", ["remark", "below", "comment"])
@pytest.mark.parametrize("text", DOUBTS)
def test_a_remark_that_takes_a_number_back_is_told(text: str, place: str) -> None:
    assert noted(text, place) == [("doubt", None)]


@pytest.mark.parametrize("place", ["remark", "comment"])
@pytest.mark.parametrize("text", HARMLESS)
def test_a_remark_about_the_work_is_not(text: str, place: str) -> None:
    assert noted(text, place) == []


@pytest.mark.parametrize("place", ["remark", "below", "comment"])
@pytest.mark.parametrize("text", ["数据截至5月25日", "统计截至2022年5月25日", "以上统计到5.25"])
def test_the_day_up_to_which_a_number_was_counted_is_read_wherever_it_is_said(text: str, place: str) -> None:
    assert noted(text, place) == [("cut_off", "2022-05-25")]


def test_why_a_number_is_corrected_takes_nothing_back() -> None:
    workbook = manholes()
    cell(workbook, "M03-01", "更正原因").value = "上次报的为暂估数"
    assert [one for one in read(workbook).cells if one.field == "doubt"] == []
