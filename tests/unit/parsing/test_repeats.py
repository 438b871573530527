"""The same line twice: read once when both say the same, told apart when they do not."""

import pytest

from minsheng.spreadsheet.numbers import CellValue
from tests.workbooks import blank, cell, read

Values = dict[str, CellValue]
LINE: Values = {"本月数": 163, "累计数": 652}


def lines(first: Values, second: Values) -> tuple[list[tuple[int | None, str | None]], list[tuple[str, str | None]]]:
    """Row and remark of the lines kept, and what the notes say, of a form in which 县城管局's line stands twice."""
    workbook = blank("CGJ")
    sheet, row = workbook["填报"], cell(workbook, "M03-01", "指标编码").row
    headings = {str(one.value): number for number, one in enumerate(sheet[row - 1], start=1)}
    sheet.insert_rows(row + 1)
    for column in range(1, 5):
        sheet.cell(row + 1, column).value = sheet.cell(row, column).value
    for number, values in ((row, first), (row + 1, second)):
        for heading, value in values.items():
            sheet.cell(number, headings[heading]).value = value
    cells = read(workbook).cells
    kept = [(one.row_no, one.text_value) for one in cells if (one.section, one.field) == ("report", "remark")]
    return kept, [(one.reading, one.text_value) for one in cells if one.field == "repeated"]


def test_twice_alike_is_once() -> None:
    kept, notes = lines(LINE, LINE)
    assert kept == [(6, None)]
    assert notes == [("alike", "第 6 行本月数 163、累计数 652，第 7 行本月数 163、累计数 652")]


def test_a_number_written_otherwise_is_the_same_number() -> None:
    assert lines(LINE, LINE | {"累计数": "６５２"})[0] == [(6, None)]


def test_the_line_with_words_is_kept() -> None:
    assert lines(LINE, LINE | {"备注": "已核对"})[0] == [(7, "已核对")]


@pytest.mark.parametrize("other", [{"累计数": 670}, {"累计数": "约652"}, {"零报送": "是"}, {"累计数": None}])
def test_other_contents_are_told_with_both_lines(other: Values) -> None:
    kept, notes = lines(LINE, LINE | other)
    assert [row for row, _ in kept] == [6, 7]
    assert [reading for reading, _ in notes] == ["different"]


def test_two_remarks_leave_it_open_which_counts() -> None:
    assert lines(LINE | {"备注": "一"}, LINE | {"备注": "二"})[1][0][0] == "different"
