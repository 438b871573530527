"""Numbers in pieces side by side, and what the neighbours of a number make of it."""

import pytest

from tests.unit.guard.test_guard import ID_NUMBER, found, with_lines, with_remark
from tests.workbooks import cell, manholes


@pytest.mark.parametrize(
    "pieces",
    [
        [ID_NUMBER[:6], ID_NUMBER[6:14], ID_NUMBER[14:]],
        [ID_NUMBER[:6], ID_NUMBER[6:]],
        [410423, 19900101, "0010"],
        [ID_NUMBER[:14], ID_NUMBER[14:]],
    ],
)
def test_an_identity_number_in_neighbouring_cells_is_found(pieces: list[object]) -> None:
    assert [kind for kind, *_ in found(with_lines([["甲", *pieces]]))] == ["id_number"]


@pytest.mark.parametrize(
    "pieces", [["138", "1234", "5678"], ["138", "12345678"], ["1381234", "5678"], ["138", "0013", "8000"]]
)
def test_a_telephone_in_neighbouring_cells_is_found_where_words_stand(pieces: list[object]) -> None:
    assert [kind for kind, *_ in found(with_lines([pieces]))] == ["phone"]


@pytest.mark.parametrize("pieces", [[138, 1234, 5678], [138, 12345678], [1381234, 5678]])
def test_numbers_side_by_side_are_a_telephone_where_one_is_asked_for(pieces: list[object]) -> None:
    assert [kind for kind, *_ in found(with_lines([("联系电话",), tuple(pieces)]))] == ["phone"]
    assert [kind for kind, *_ in found(with_lines([["李娜", *pieces]]))] == ["phone"]
    assert found(with_lines([["马楼", *pieces]])) == []


def test_a_telephone_in_the_columns_of_words_of_the_form_is_found() -> None:
    workbook = manholes()
    for heading, piece in (("存在问题", "138"), ("佐证材料编号", "1234"), ("备注", "5678")):
        cell(workbook, "M03-01", heading).value = piece
    assert [kind for kind, *_ in found(workbook)] == ["phone"]


def test_counts_side_by_side_are_no_telephone() -> None:
    counts: list[list[object]] = [
        ["乡镇", "本月", "累计", "目标"],
        ["马楼乡", 138, 1234, 5678],
        ["张良镇", "156", "1203", "2032"],
    ]
    assert found(with_lines(counts)) == []
    workbook = manholes()
    cell(workbook, "M03-01", "本月数").value = "138"
    cell(workbook, "M03-01", "累计数").value = "1234"
    assert found(workbook) == []


@pytest.mark.parametrize("heading", ["总投资（元）", "到位资金", "项目金额", "预算（万元）"])
def test_a_number_under_a_heading_of_money_is_an_amount(heading: str) -> None:
    assert found(with_lines([["项目", heading], ["路灯", 13800000000]])) == []
    assert [kind for kind, *_ in found(with_lines([["项目", "联系"], ["路灯", 13800000000]]))] == ["phone"]


def test_a_mark_between_texts_is_a_mark_in_a_cell() -> None:
    workbook, place = with_remark("138|1234|5678")
    assert found(workbook) == [("phone", "填报", (place,))]
