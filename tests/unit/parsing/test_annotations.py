"""What is true of a file or a sheet as a whole, and lines that are no data but tell something."""

from decimal import Decimal

import pytest
from openpyxl import Workbook

from minsheng.parsing.reading import ReadForm
from minsheng.spreadsheet.numbers import CellValue
from tests.books import read_form
from tests.unit.parsing.saved import as_csv, numbers, told
from tests.workbooks import as_bytes, beside, cell, header_row, manholes, read, streets, words


def test_rows_filtered_away_are_read_and_told() -> None:
    workbook = manholes()
    sheet = workbook["填报"]
    row = cell(workbook, "M03-01", "本月数").row
    sheet.auto_filter.ref = f"A{row - 1}:P{row}"
    sheet.auto_filter.add_filter_column(0, ["别的"])
    assert told(read(workbook), "sheet") == {("rows", "filtered", "没有")}
    sheet.row_dimensions[row].hidden = True
    assert told(read(workbook), "sheet") == {("rows", "filtered", f"第 {row} 行")}
    assert numbers(read(workbook)) == numbers(read(manholes()))


def test_a_filter_that_hides_nothing_is_not_worth_a_word() -> None:
    workbook = manholes()
    workbook["填报"].auto_filter.ref = "A5:P6"
    workbook["填报"].row_dimensions[1].hidden = True
    assert told(read(workbook), "sheet") == set()


def test_hidden_rows_columns_and_sheets_are_read_and_told() -> None:
    workbook = streets()
    sheet = workbook["明细"]
    top = header_row(sheet) + 1
    for row in (top, top + 1):
        sheet.row_dimensions[row].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet.sheet_state = "hidden"
    assert told(read(workbook), "sheet") == {
        ("rows", "hidden", f"第 {top}、{top + 1} 行"),
        ("columns", "hidden", "C 列"),
        ("sheet", "hidden", "明细"),
    }
    assert numbers(read(workbook)) == numbers(read(streets()))


def write_total(workbook: Workbook, row: int, value: CellValue, code: str | None = None, word: str = "合　计") -> None:
    sheet = workbook["明细"]
    sheet.insert_rows(row)
    sheet.cell(row, 1).value, sheet.cell(row, 4).value, sheet.cell(row, 6).value = code, word, value


def totals(workbook: Workbook) -> list[tuple[str | None, Decimal | None, str | None]]:
    cells = read(workbook).cells
    return [(one.indicator_code, one.number_value, one.text_value) for one in cells if one.section == "total"]


def test_a_total_is_no_data_but_stands_beside_the_sum_of_its_lines() -> None:
    workbook = streets(beds=50)
    top = header_row(workbook["明细"]) + 1
    write_total(workbook, top + 4, 5)
    write_total(workbook, top + 9, "200张", "M06-02", "小计")
    write_total(workbook, top + 10, 204, word="总计")
    assert totals(workbook) == [
        ("M06-01", Decimal(5), "4"),
        ("M06-02", Decimal(200), "200"),
        ("M06-01", Decimal(204), "204"),
    ]
    assert numbers(read(workbook)) == numbers(read(streets(beds=50)))


@pytest.mark.parametrize(("value", "sum_of_lines"), [(204, "204"), (200, "200"), (4, "4"), (203, "204")])
def test_a_total_of_streets_may_be_of_all_lines_or_of_one_indicator(value: int, sum_of_lines: str) -> None:
    workbook = streets()
    write_total(workbook, header_row(workbook["明细"]) + 9, value, word="全县合计")
    assert totals(workbook) == [("M06-01", Decimal(value), sum_of_lines)]


@pytest.mark.parametrize("word", ["本页合计", "汇总", "累计", "计", "Total", "平均", "全县平均"])
def test_a_line_called_a_total_is_no_data(word: str) -> None:
    workbook = streets()
    write_total(workbook, header_row(workbook["明细"]) + 9, 204, word=word)
    assert numbers(read(workbook)) == numbers(read(streets()))
    assert totals(workbook) == ([] if "平均" in word else [("M06-01", Decimal(204), "204")])


def test_of_a_total_above_its_lines_nothing_is_said() -> None:
    workbook = streets()
    top = header_row(workbook["明细"]) + 1
    write_total(workbook, top + 4, 200)
    write_total(workbook, top, 4)
    assert totals(workbook) == []


def test_of_a_total_of_lines_that_are_not_all_numbers_nothing_is_said() -> None:
    workbook = streets()
    top = header_row(workbook["明细"]) + 1
    workbook["明细"].cell(top, 6).value = "约1"
    write_total(workbook, top + 4, 4)
    assert totals(workbook) == []


@pytest.mark.parametrize(
    ("content", "name", "reading", "kind"),
    [
        (as_bytes(manholes()), "报表.XLSX", "ok", "xlsx"),
        (as_bytes(manholes()), "报表.et", "ok", "xlsx"),
        (as_bytes(manholes()), "报表.csv", "mismatch", "xlsx"),
        (as_bytes(manholes()), "报表", "mismatch", "xlsx"),
        (as_csv(manholes()), "报表.txt", "ok", "csv"),
        (as_csv(manholes(), "gb18030"), "报表.xls", "mismatch", "csv"),
    ],
)
def test_a_file_is_read_by_its_content_and_its_suffix_compared(
    content: bytes, name: str, reading: str, kind: str
) -> None:
    found = read_form(content, name, words())
    assert numbers(found) == numbers(read(manholes()))
    assert {(one.reading, one.text_value) for one in found.cells if one.field == "content_kind"} == {(reading, kind)}


@pytest.mark.parametrize(
    ("unit", "name", "reading"),
    [("JYTYJ", "县教育局", "former_name"), ("RSJ", "县人社局", "alias"), ("RSJ", "县人力资源和社会保障局", "ok")],
)
def test_a_units_name_is_proper_an_alias_or_a_former_one(unit: str, name: str, reading: str) -> None:
    workbook = manholes()
    beside(workbook, "填报单位").value = name
    found = [one for one in read(workbook).cells if (one.section, one.field) == ("header", "unit_name")]
    assert [(one.text_value, one.reading) for one in found] == [(unit, reading)]


def split_heading(workbook: Workbook, above: str, *parts: str) -> ReadForm:
    """The headings in two rows: of 本月数 and 累计数 the parts below a common one."""
    sheet = workbook["填报"]
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    top = header_row(sheet)
    sheet.insert_rows(top + 1)
    for column in range(1, 17):
        sheet.merge_cells(start_row=top, end_row=top + 1, start_column=column, end_column=column)
    for column, part in enumerate(parts, start=6):
        sheet.unmerge_cells(start_row=top, end_row=top + 1, start_column=column, end_column=column)
        sheet.cell(top + 1, column).value = part
    sheet.cell(top, 7).value = None
    sheet.cell(top, 6).value = above
    sheet.merge_cells(start_row=top, end_row=top, start_column=6, end_column=7)
    return read(workbook)


@pytest.mark.parametrize(("above", "parts"), [("完成情况", ("本月数", "累计数")), ("本月", ("完成", "累计"))])
def test_headings_in_two_rows_are_read_where_they_mean_one_thing(above: str, parts: tuple[str, str]) -> None:
    reading = split_heading(manholes(), above, *parts)
    assert numbers(reading) == numbers(read(manholes()))
    assert {reading for _, reading, _ in told(reading, "heading")} == {"ok"}


def test_a_heading_in_two_rows_that_means_nothing_is_missing() -> None:
    reading = split_heading(manholes(), "完成情况", "本月数", "其他")
    assert {field for field, found, _ in told(reading, "heading") if found == "missing"} == {"cumulative"}
