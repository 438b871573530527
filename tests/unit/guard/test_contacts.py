"""The signature line is the one place for a telephone; its words elsewhere open nothing."""

import pytest

from tests.unit.guard.test_guard import PHONE, found
from tests.workbooks import cell, manholes, streets, table_rows, unmerged

LABELLED = f"联系电话：{PHONE}"


@pytest.mark.parametrize("heading", ["更正原因", "形象进度", "存在问题", "备注"])
@pytest.mark.parametrize("text", [LABELLED, f"负责人：示例甲 {PHONE}", f"填报人：{PHONE}"])
def test_no_line_of_the_table_is_a_signature(heading: str, text: str) -> None:
    workbook = manholes()
    one = cell(workbook, "M03-01", heading)
    one.value = text
    assert found(workbook) == [("phone", "填报", (one.coordinate,))]


@pytest.mark.parametrize("code", [None, "窨井"])
def test_a_last_line_known_by_its_name_only_is_no_signature_either(code: str | None) -> None:
    workbook = manholes()
    one = cell(workbook, "M03-01", "备注")
    one.value = LABELLED
    cell(workbook, "M03-01", "指标编码").value = code
    assert found(workbook) == [("phone", "填报", (one.coordinate,))]


@pytest.mark.parametrize("sheet", ["配合事项", "明细"])
def test_the_last_line_of_every_table_is_a_line_even_where_it_names_no_indicator(sheet: str) -> None:
    workbook = streets()
    one = unmerged(table_rows(workbook[sheet])[-1]["备注"])
    one.value = LABELLED
    assert found(workbook) == [("phone", sheet, (one.coordinate,))]


def test_a_sheet_without_a_table_has_no_signature() -> None:
    workbook = manholes()
    workbook["说明"]["A60"] = LABELLED
    workbook.create_sheet("附")["A1"] = LABELLED
    assert found(workbook) == [("phone", "第3张表", ("A1",)), ("phone", "说明", ("A60",))]


@pytest.mark.parametrize("below", [("填报人：示例甲", LABELLED), (f"填报人：示例甲    {LABELLED}", "2022年6月2日")])
def test_the_signature_may_stand_above_the_headings_or_below_the_lines(below: tuple[str, str]) -> None:
    workbook = manholes()
    sheet = workbook["填报"]
    sheet["N3"] = LABELLED
    for text in below:
        sheet.cell(sheet.max_row + 1, 1).value = text
    assert found(workbook) == []


def test_a_list_of_telephones_in_one_signature_is_no_signature() -> None:
    workbook = manholes()
    sheet = workbook["填报"]
    sheet.cell(sheet.max_row + 1, 1).value = "电话：" + "，".join(f"1380000000{last}" for last in range(5))
    assert found(workbook) == [("phone", "填报", (f"A{sheet.max_row}",))]
