"""Columns that are not the form's: none in which the real number may stand is passed over in silence."""

import pytest
from openpyxl import Workbook

from minsheng.parsing.reading import ReadCell
from minsheng.spreadsheet.numbers import CellValue
from tests.unit.parsing.saved import entered, told
from tests.workbooks import header_row, manholes, read, streets


def with_column(heading: CellValue, place: int = 19, number: CellValue = 811) -> Workbook:
    """A column of the unit's own beside the table, or in place of one that is there."""
    workbook = manholes()
    sheet = workbook["填报"]
    top = header_row(sheet)
    sheet.cell(top, place).value, sheet.cell(top + 1, place).value = heading, number
    return workbook


def columns(workbook: Workbook) -> list[tuple[str | None, str, str | None, str | None]]:
    return [(one.cell_ref, one.reading, one.raw_text, one.text_value) for one in notes(workbook)]


def notes(workbook: Workbook) -> list[ReadCell]:
    return [one for one in read(workbook).cells if (one.section, one.field) == ("note", "column")]


@pytest.mark.parametrize(
    ("heading", "like"),
    [
        ("累计数（最终）", "累计数"),
        ("本月数（调整后）", "本月数"),
        ("累计(户)", "累计数"),
        ("1-4月累计数", "累计数"),
        ("分子2", "分子"),
    ],
)
def test_a_column_named_nearly_as_a_number_of_the_form_is_told(heading: str, like: str) -> None:
    assert columns(with_column(heading)) == [("S5", "like", heading, like)]


@pytest.mark.parametrize(
    "heading", ["去年同期累计数", "2021年累计数", "本月计划数", "分子分母比", "下月累计数", "投资额"]
)
def test_a_column_of_the_units_own_is_told_but_not_read(heading: str) -> None:
    assert columns(with_column(heading)) == [("S5", "strange", heading, None)]


@pytest.mark.parametrize(("heading", "number"), [("序号", 1), ("投资额", "见附件"), ("投资额", None), (None, None)])
def test_numbers_of_lines_and_columns_without_numbers_are_nothing_to_tell(heading: str, number: CellValue) -> None:
    assert columns(with_column(heading, number=number)) == []


def test_numbers_without_a_name_are_told_inside_the_table_and_beside_it() -> None:
    assert columns(with_column(None)) == [("S5", "strange", "S 列", None)]
    workbook = with_column("累计数", place=5, number=400)
    workbook["填报"]["G5"].value = None
    assert columns(workbook) == [("G5", "unnamed", "G 列", None)]


def test_a_column_renamed_is_told_once_and_with_its_place() -> None:
    workbook = with_column("累计数（最新）", place=7, number=None)
    assert columns(workbook) == [("G5", "like", "累计数（最新）", "累计数")]
    assert "missing" not in {reading for _, reading, _ in told(read(workbook), "heading")}


def test_in_the_month_it_ends_with_a_column_since_january_is_the_cumulative_one() -> None:
    workbook = with_column("1—5月份累计数", place=7)
    assert columns(workbook) == []
    assert {one.field: one.number_value for one in entered(read(workbook))}["cumulative"] == 811


def test_of_two_columns_of_one_name_neither_is_read() -> None:
    cells = {one.field: one for one in entered(read(with_column("累计数")))}
    assert (cells["cumulative"].reading, cells["cumulative"].number_value) == ("repeated", None)


def test_a_detail_table_has_its_own_name_for_its_number() -> None:
    workbook = streets()
    workbook["明细"]["H5"].value, workbook["明细"]["H7"].value = "数量（修正）", 60
    assert columns(workbook) == [("H5", "like", "数量（修正）", "数量")]
