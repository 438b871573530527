"""Forms as units change them: everything harmless reads the same, everything else says what it is."""

from collections.abc import Callable
from decimal import Decimal
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from minsheng.core.declarations import ROOT
from minsheng.parsing import form
from minsheng.parsing.form import named_period
from minsheng.parsing.reading import FileReading, ReadCell, ReadForm
from tests.books import book_of, read_form
from tests.workbooks import as_bytes, beside, cell, header_row, manholes, read, streets, words


def data(reading: ReadForm) -> dict[tuple[str | None, ...], object]:
    """What a form says, wherever it stands: numbers and words by section and keys."""
    return {
        (one.section, one.item_code, one.indicator_code, one.member_code, one.field): (
            one.text_value if one.number_value is None else one.number_value
        )
        for one in reading.cells
        if one.section in ("report", "contribution", "detail")
    }


def find(reading: ReadForm, field: str, section: str = "report") -> ReadCell:
    return next(one for one in reading.cells if (one.section, one.field) == (section, field))


def add_title_rows(workbook: Workbook) -> None:
    for merged in list(workbook["填报"].merged_cells.ranges):  # openpyxl leaves them where they were
        workbook["填报"].unmerge_cells(str(merged))
    workbook["填报"].insert_rows(1, 3)
    workbook["填报"]["A1"] = "附件 2"


def insert_column(workbook: Workbook) -> None:
    workbook["填报"].insert_cols(6)


def swap_columns(workbook: Workbook) -> None:
    sheet = workbook["填报"]
    for row in (header_row(sheet), header_row(sheet) + 1):
        first, second = sheet.cell(row, 6), sheet.cell(row, 7)
        first.value, second.value = second.value, first.value


def respell_headings(workbook: Workbook) -> None:
    sheet = workbook["填报"]
    row = header_row(sheet)
    sheet.cell(row, 6).value = "本 月\n完成数"
    sheet.cell(row, 7).value = "截至本月累计"
    sheet.cell(row, 8).value = "分子（累计）"


def rename_sheet(workbook: Workbook) -> None:
    workbook["填报"].title = "Sheet1"


def add_totals_and_notes(workbook: Workbook) -> None:
    sheet = workbook["填报"]
    row = header_row(sheet) + 1
    sheet.insert_rows(row + 1, 3)
    sheet.cell(row + 1, 1).value = "合计"
    sheet.cell(row + 1, 7).value = 520
    sheet.cell(row + 2, 1).value = "注：以上数据已核对。"
    sheet.cell(row + 3, 2).value = "其中：城区"
    sheet.cell(row + 3, 6).value = 100


def put_label_and_value_in_one_cell(workbook: Workbook) -> None:
    sheet = workbook["填报"]
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.delete_rows(2, 2)
    sheet.insert_rows(2, 2)
    sheet["A2"] = "填报单位（盖章）：县城管局    单位编码：CGJ"
    sheet["A3"] = "报送期：2022年5月\n模板版本：2022B"


def write_numbers_as_text(workbook: Workbook) -> None:
    cell(workbook, "M03-01", "本月数").value = "１２０座"
    cell(workbook, "M03-01", "累计数").value = " 520 "


def write_code_loosely(workbook: Workbook) -> None:
    cell(workbook, "M03-01", "指标编码").value = "m03 — 01".replace(" ", "")


def add_an_empty_copy(workbook: Workbook) -> None:
    copy = workbook.copy_worksheet(workbook["填报"])
    for heading in ("本月数", "累计数"):
        row = header_row(copy)
        column = next(one.column for one in copy[row] if one.value == heading)
        copy.cell(row + 1, column).value = None


@pytest.mark.parametrize(
    "change",
    [
        add_title_rows,
        insert_column,
        swap_columns,
        respell_headings,
        rename_sheet,
        add_totals_and_notes,
        put_label_and_value_in_one_cell,
        write_numbers_as_text,
        write_code_loosely,
        add_an_empty_copy,
    ],
)
def test_a_harmless_change_reads_the_same(change: Callable[[Workbook], None]) -> None:
    workbook = manholes()
    change(workbook)
    reading = read(workbook)
    wanted = {("report", None, "M03-01", None, "month"): Decimal(120)}
    wanted |= {("report", None, "M03-01", None, "cumulative"): Decimal(520)}
    assert (reading.reading, reading.period, reading.template_version) == ("ok", "2022-05", "2022B")
    assert {key: value for key, value in data(reading).items() if key in wanted} == wanted
    assert {key[2] for key in data(reading)} == {"M03-01"}
    assert {one.text_value for one in reading.cells if one.field in ("unit_name", "unit_code")} == {"CGJ"}


def test_a_cell_keeps_its_address_and_what_stands_in_it() -> None:
    workbook = manholes(month="１２０座")
    month = find(read(workbook), "month")
    address = cell(workbook, "M03-01", "本月数").coordinate
    assert (month.sheet_name, month.cell_ref, month.raw_text) == ("填报", address, "１２０座")
    assert (month.number_value, month.reading) == (Decimal(120), "normalised")


def test_members_are_known_by_code_by_name_and_through_merged_cells() -> None:
    workbook = streets()
    before = data(read(workbook))
    sheet = workbook["明细"]
    top = header_row(sheet) + 1
    sheet.cell(top, 3).value = None
    for row in range(top + 1, top + 4):
        sheet.cell(row, 1).value = None
    sheet.merge_cells(start_row=top, end_row=top + 3, start_column=1, end_column=1)
    after = data(read(workbook))
    values = {key: value for key, value in before.items() if key[4] == "value"}
    assert len(values) == 8
    assert {key: value for key, value in after.items() if key[4] == "value"} == values


def test_a_formula_without_value_and_an_error_are_not_empty_cells() -> None:
    workbook = manholes(month="=1+1")
    broken = cell(workbook, "M03-01", "累计数")
    broken.value, broken.data_type = "#REF!", "e"
    reading = read(workbook)
    assert (find(reading, "month").reading, find(reading, "month").raw_text) == ("no_value", "（公式没有结果）")
    assert (find(reading, "cumulative").reading, find(reading, "cumulative").raw_text) == ("error", "#REF!")


@pytest.mark.parametrize("number_format", ["0%", "0.00%", '0.0"%"'])
def test_a_number_shown_in_percent_is_no_count_but_a_target_may_be(number_format: str) -> None:
    workbook = manholes(month=0.7)
    for heading in ("本月数", "累计数", "年度目标"):
        cell(workbook, "M03-01", heading).number_format = number_format
    cell(workbook, "M03-01", "累计数").value = "约300"
    reading = read(workbook)
    month = find(reading, "month")
    assert (month.reading, month.raw_text, month.number_value) == ("percent", "70%", None)
    assert find(reading, "cumulative").reading == "approximate"
    assert find(reading, "target").number_value == Decimal(2032)


@pytest.mark.parametrize(("text", "reading"), [("座", "ok"), ("", "empty"), ("个", "ok"), ("万个", "unit_mismatch")])
def test_the_unit_beside_a_number_is_the_plans_or_an_alias(text: str, reading: str) -> None:
    workbook = manholes()
    cell(workbook, "M03-01", "计量单位").value = text
    assert find(read(workbook), "unit_of_measure").reading == reading


def test_input_on_a_line_without_code_is_kept_and_not_skipped() -> None:
    workbook = manholes()
    cell(workbook, "M03-01", "指标编码").value = None
    assert data(read(workbook))["report", None, None, None, "month"] == Decimal(120)


def test_a_missing_column_is_told() -> None:
    workbook = manholes()
    sheet = workbook["填报"]
    column = next(one.column for one in sheet[header_row(sheet)] if one.value == "累计数")
    sheet.cell(header_row(sheet), column).value = "其他"
    heading = find(read(workbook), "cumulative", "heading")
    assert (heading.reading, heading.cell_ref, heading.text_value) == ("missing", None, "累计数")


def test_two_columns_of_one_name_are_told() -> None:
    workbook = manholes()
    sheet = workbook["填报"]
    sheet.cell(header_row(sheet), 17).value = "累计"
    assert find(read(workbook), "cumulative", "heading").reading == "repeated"


def test_names_and_numbers_of_persons_are_not_kept() -> None:
    workbook = manholes()
    signed = [one for one in read(workbook).cells if one.section == "signature"]
    assert {one.field: one.reading for one in signed if one.field in ("reporter", "phone")} == {
        "reporter": "ok",
        "phone": "empty",
    }
    assert not any("示例" in str(value) for one in read(workbook).cells for value in vars(one).values())


def test_two_filled_forms_are_refused() -> None:
    workbook = manholes()
    workbook.copy_worksheet(workbook["填报"]).sheet_state = "hidden"
    reading = read(workbook)
    assert reading.reading == "several_forms"
    assert find(reading, "places", "file").text_value == "填报、填报 Copy（隐藏）"
    assert {one.sheet_name for one in reading.cells if one.section == "report"} == {"填报", "填报 Copy"}


def test_a_code_is_read_without_what_nobody_sees() -> None:
    workbook = manholes()
    cell(workbook, "M03-01", "指标编码").value = "M03\u200b-01\ufeff"
    assert find(read(workbook), "month").indicator_code == "M03-01"


@pytest.mark.parametrize("word", ["名", "位", "个人"])
def test_persons_may_be_counted_in_other_words(word: str) -> None:
    assert word in words().measure("M06-04").units
    assert word not in words().measure("M01-01").units


def test_a_workbook_without_a_form() -> None:
    workbook = Workbook()
    workbook.worksheets[0]["A1"] = "花名册"
    assert read(workbook) == ReadForm("no_form")


def test_the_unit_is_recognised_by_any_accepted_name() -> None:
    names = {"县城管局": "ok", "鲁山县城管局": "ok", "鲁山县城市管理局（盖章）": "ok", "县城管所": "unknown"}
    for name, reading in names.items():
        workbook = manholes()
        beside(workbook, "填报单位").value = name
        assert find(read(workbook), "unit_name", "header").reading == reading, name


def _ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + stream.encode("utf-16-le")


def _with_part(name: str) -> bytes:
    import io

    stream = io.BytesIO(as_bytes(manholes()))
    with ZipFile(stream, "a") as archive:
        archive.writestr(name, b"x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "reading"),
    [
        (b"", "empty_file"),
        (b"<html><table></table></html>", "html"),
        (b"%PDF-1.7", "pdf"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"Rar!\x1a\x07", "archive"),
        (b"PK\x03\x04 cut short", "damaged"),
        (_ole("EncryptedPackage"), "encrypted"),
        (_ole("WordDocument"), "word"),
        (_ole(""), "damaged"),
        (_with_part("word/document.xml"), "word"),
        (_with_part("xl/vbaProject.bin"), "macro"),
        (as_bytes(manholes())[:-3000], "damaged"),
        (b"PK" + b"\0" * (21 << 20), "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_workbook_gets_a_reason_and_no_exception(content: bytes, reading: FileReading) -> None:
    assert read_form(content, "报表.xlsx", words()) == ReadForm(reading)


def test_a_workbook_damaged_inside_gets_a_reason() -> None:
    good = as_bytes(manholes())
    for position in range(200, len(good), 997):
        bad = good[:position] + bytes([good[position] ^ 0xFF]) + good[position + 1 :]
        assert read_form(bad, "报表.xlsx", words()).reading in ("ok", "damaged", "no_form", "encrypted", "archive")


def test_a_sheet_far_longer_than_any_form_is_not_read() -> None:
    workbook = manholes()
    workbook["填报"].cell(5000, 1).value = "x"
    assert read(workbook) == ReadForm("too_large")


def test_the_month_a_file_names_is_known_without_its_lines() -> None:
    files = [path for path in sorted((ROOT / "tests" / "corpus" / "files").iterdir()) if path.is_file()]
    books = {path.name: book_of(path.read_bytes()) for path in files[::15]}
    named = {name: named_period(book, words()) for name, book in books.items()}
    assert named == {name: form.read_form(book, name, words()).period for name, book in books.items()}
    assert {None, "2022-05"} <= set(named.values())
