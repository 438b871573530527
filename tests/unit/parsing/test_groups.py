"""Headings above those of the form: which ones say that the numbers below are not those of the month."""

import pytest

from minsheng.parsing.reading import ReadCell
from tests.workbooks import header_row, manholes, read

OTHERS = [
    "2021年同期",
    "上年同期",
    "4月",
    "2021年",
    "计划数",
    "目标",
    "2021年5月",
    "1—4月累计",
    "去年完成数",
    "全年任务",
]
OWN = [
    "完成情况",
    "2022年",
    "5月",
    "2022年5月份",
    "1-5月",
    "目标完成情况",
    "任务完成数",
    "本月",
    "填报项",
    "（万元）投资",
]


def groups(text: str, area: str = "F4:G4") -> list[ReadCell]:
    workbook = manholes()
    sheet = workbook["填报"]
    assert header_row(sheet) == 5
    for merged in [str(one) for one in sheet.merged_cells.ranges if one.min_row <= 4 <= one.max_row]:
        sheet.unmerge_cells(merged)
    sheet["A4"].value = None
    sheet[area.split(":")[0]] = text
    sheet.merge_cells(area)
    return [one for one in read(workbook).cells if one.field == "group"]


@pytest.mark.parametrize("text", OTHERS)
def test_a_heading_of_another_time_or_of_plans_is_told(text: str) -> None:
    (told,) = groups(text)
    assert (told.cell_ref, told.raw_text, told.text_value) == ("F4", text, "本月数、累计数")


@pytest.mark.parametrize("text", OWN)
def test_a_heading_of_the_month_s_own_numbers_is_not(text: str) -> None:
    assert groups(text) == []


def test_what_stands_above_numbers_already_known_is_the_units_own() -> None:
    assert groups("4月", "D4:E4") == []
    (told,) = groups("4月", "E4:F4")
    assert (told.cell_ref, told.text_value) == ("E4", "本月数")
