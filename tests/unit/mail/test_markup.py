"""The unit's workbook sent back: faults marked and listed, all else as it was, and as good as new when corrected."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from minsheng.mail.saving import workbook_bytes
from minsheng.parsing.reading import ReadForm
from minsheng.validation.finding import Finding
from tests.books import mark_up, read_form
from tests.unit.mail.conftest import RECEIVED
from tests.workbooks import as_bytes, cell, manholes, present, streets, words

RED, YELLOW, INPUT = "FFFFB3AE", "FFFFE699", "FFFFF8D6"
NAME = "5月.xlsx"


def returned(content: bytes, *findings: Finding, name: str = NAME) -> tuple[str, bytes]:
    attachment = mark_up(content, name, findings, RECEIVED)
    assert attachment is not None
    return attachment.name, attachment.content


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def fault(workbook: Workbook, code: str, heading: str, **changes: Any) -> Finding:
    at = cell(workbook, code, heading)
    finding = Finding("C12", "reject", "填报", at.coordinate, str(at.value), "不是准确的数。", "请填写准确数字。")
    return replace(finding, **changes)


def edges(one: Cell | MergedCell) -> list[str | None]:
    """The lines around a cell; openpyxl writes an edge without a line now as nothing, now as an empty one."""
    return [side and side.style for side in (one.border.left, one.border.right, one.border.top, one.border.bottom)]


def looks(sheet: Worksheet, but: set[str]) -> dict[str, Any]:
    """Everything about a sheet that a unit could miss, leaving out the look of some cells."""
    return {
        "values": {one.coordinate: one.value for row in sheet.iter_rows() for one in row if one.value is not None},
        "styles": {
            one.coordinate: repr((one.font, one.fill, edges(one), one.alignment, one.number_format, one.protection))
            for row in sheet.iter_rows()
            for one in row
            if one.coordinate not in but
        },
        "merged": sorted(map(str, sheet.merged_cells.ranges)),
        "validations": sorted(
            f"{one.sqref} {one.type} {one.formula1}" for one in sheet.data_validations.dataValidation
        ),
        "conditions": sorted(str(one.sqref) for one in sheet.conditional_formatting),
        "protection": sheet.protection.sheet,
        "widths": {letter: one.width for letter, one in sheet.column_dimensions.items()},
        "heights": {number: one.height for number, one in sheet.row_dimensions.items()},
        "panes": sheet.freeze_panes,
    }


def test_faulty_cells_are_marked_and_everything_else_is_as_it_was() -> None:
    workbook = streets()
    cell(workbook, "M06-03", "分子").value = "约20"
    cell(workbook, "M06-04", "累计数").value = "=1+59999"
    content = as_bytes(workbook)
    bad, odd = fault(workbook, "M06-03", "分子"), fault(workbook, "M06-03", "分母", severity="warn")
    name, marked = returned(content, odd, bad, replace(bad, severity="note", cell="B2"))
    assert name == "5月（退回）.xlsx"
    before, after = opened(content), opened(marked)
    assert after.sheetnames == ["退回清单", *before.sheetnames]
    assert present(after.active).title == "退回清单"
    assert [sheet.title for sheet in after.worksheets if sheet.sheet_view.tabSelected] == ["退回清单"]
    places = {str(bad.cell), str(odd.cell)}
    for sheet in before.worksheets:
        assert looks(after[sheet.title], places) == looks(sheet, places), sheet.title
    sheet = after["填报"]
    assert (sheet[str(bad.cell)].fill.fgColor.rgb, sheet[str(odd.cell)].fill.fgColor.rgb) == (RED, YELLOW)
    assert {one.coordinate for row in sheet.iter_rows() for one in row if one.comment} == places
    assert cell(after, "M06-04", "累计数").value == "=1+59999"
    assert after.calculation.fullCalcOnLoad is False


def test_all_faults_of_a_cell_are_one_comment_below_the_units_own() -> None:
    workbook = manholes("约120")
    cell(workbook, "M03-01", "本月数").comment = Comment("按台账", "县城管局")
    first = fault(workbook, "M03-01", "本月数", severity="warn", message="与上月相同。", remedy="请核对。")
    _, marked = returned(as_bytes(workbook), first, fault(workbook, "M03-01", "本月数"))
    comment = present(cell(opened(marked), "M03-01", "本月数").comment)
    assert comment.author == "县城管局"
    assert comment.text == (
        "按台账\n【数据组】退回：不是准确的数。\n怎样改：请填写准确数字。\n提醒：与上月相同。\n怎样改：请核对。"
    )
    assert cell(opened(marked), "M03-01", "本月数").fill.fgColor.rgb == RED


def test_the_list_names_refusals_first_and_links_to_each_cell() -> None:
    workbook = manholes("约120")
    bad = fault(workbook, "M03-01", "本月数")
    whole = Finding("F31", "warn", None, None, None, "文件名中的月份不同。", "请核对。")
    _, marked = returned(as_bytes(workbook), whole, bad)
    sheet = opened(marked)["退回清单"]
    rows = [[one.value for one in row] for row in sheet.iter_rows(min_row=3, max_col=6)]
    assert rows == [
        ["序号", "程度", "位置", "表内内容", "问题", "怎样改"],
        [1, "退回", f"填报!{bad.cell}", "约120", "不是准确的数。", "请填写准确数字。"],
        [2, "提醒", "整个文件", None, "文件名中的月份不同。", "请核对。"],
    ]
    assert sheet["C4"].hyperlink.location == f"'填报'!{bad.cell}"
    assert sheet["C5"].hyperlink is None
    assert (sheet.freeze_panes, sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("A4", "landscape", 0)


def test_a_locked_cell_that_must_be_corrected_is_unlocked() -> None:
    workbook = manholes()
    cell(workbook, "M03-01", "年度目标").value = 2000
    _, marked = returned(as_bytes(workbook), fault(workbook, "M03-01", "年度目标"))
    after = opened(marked)
    assert after["填报"].protection.sheet
    locked = {name: cell(after, "M03-01", name).protection.locked for name in ("年度目标", "本月数", "计量单位")}
    assert locked == {"年度目标": False, "本月数": False, "计量单位": True}


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|'/c calc'!A1"])
def test_what_a_unit_typed_never_becomes_a_formula(text: str) -> None:
    bad = Finding("C12", "reject", "填报", "A1", text, text, text)
    own = Workbook()
    own.worksheets[0].title = "填报"
    for content, name in ((as_bytes(own), f"{text}.xlsx"), (f"{text},2\n3,4\n".encode(), f"{text}.csv")):
        _, marked = returned(content, bad, name=name)
        texts = [
            one
            for sheet in opened(marked).worksheets
            for row in sheet.iter_rows()
            for one in row
            if isinstance(one.value, str)
        ]
        assert {one.data_type for one in texts} == {"s"}
        assert [one.quotePrefix for one in texts if one.value == text] == [True] * (3 + name.endswith(".csv"))


def test_the_same_input_gives_the_same_bytes() -> None:
    workbook = manholes("约120")
    content = workbook_bytes(workbook, RECEIVED)
    assert returned(content, fault(workbook, "M03-01", "本月数")) == returned(
        content, fault(workbook, "M03-01", "本月数")
    )


def corrected(marked: bytes) -> bytes:
    """What a clerk does: the right number into the coloured cell, and save."""
    workbook = opened(marked)
    cell(workbook, "M03-01", "本月数").value = 120
    return as_bytes(workbook)


def values(reading: ReadForm) -> set[tuple[object, ...]]:
    """What was read, wherever in the file it stood."""
    return {
        (one.sheet_name, one.cell_ref, one.section, one.field, one.reading, one.raw_text, one.number_value)
        for one in reading.cells
    }


def test_the_corrected_file_reads_as_if_it_had_never_been_marked() -> None:
    workbook = manholes("约120")
    _, marked = returned(as_bytes(workbook), fault(workbook, "M03-01", "本月数"))
    assert read_form(corrected(marked), NAME, words()) == read_form(as_bytes(manholes()), NAME, words())


def test_what_a_list_quotes_is_not_read_as_a_form() -> None:
    workbook = manholes("约120")
    quoted = ("填报单位：县残联", "报送期：2022-01", "指标编码", "本月数", "模板版本：1999-01", "填报人：张三")
    findings = [fault(workbook, "M03-01", "本月数", found=text, message=text, remedy=text) for text in quoted]
    _, marked = returned(as_bytes(workbook), *findings)
    assert read_form(corrected(marked), NAME, words()) == read_form(as_bytes(manholes()), NAME, words())


def test_a_file_sent_back_twice_has_the_marks_of_the_second_time_only() -> None:
    workbook = manholes("约120", "约520")
    cell(workbook, "M03-01", "本月数").comment = Comment("按台账", "县城管局")
    month, total = fault(workbook, "M03-01", "本月数"), fault(workbook, "M03-01", "累计数")
    name, once = returned(as_bytes(workbook), month, total)
    again, twice = returned(corrected(once), total, name=name)
    assert again == name
    after = opened(twice)
    assert after.sheetnames == ["退回清单", *workbook.sheetnames]
    assert [row[4].value for row in after["退回清单"].iter_rows(min_row=4)] == ["不是准确的数。"]
    assert cell(after, "M03-01", "本月数").fill.fgColor.rgb == INPUT
    assert present(cell(after, "M03-01", "本月数").comment).text == "按台账"
    assert cell(after, "M03-01", "累计数").fill.fgColor.rgb == RED
    assert present(cell(after, "M03-01", "累计数").comment).text.count("【数据组】") == 1
    _, third = returned(corrected(twice), month, name=again)
    assert cell(opened(third), "M03-01", "累计数").fill.fgColor.rgb == INPUT


def test_a_fault_in_merged_cells_is_marked_where_the_value_stands() -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet["A1"] = "约3"
    sheet.merge_cells("A1:B2")
    _, marked = returned(as_bytes(workbook), Finding("C12", "reject", "Sheet", "B2", "约3", "不准确。", "请改。"))
    assert opened(marked)["Sheet"]["A1"].fill.fgColor.rgb == RED


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.4\n", b"\x00\x01\x02" * 50], ids=repr)
def test_what_cannot_be_opened_is_not_sent_back(content: bytes) -> None:
    assert mark_up(content, NAME, [], RECEIVED) is None


def with_part(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text.decode()) if name == part else text)
    return stream.getvalue()


def test_an_xlsx_that_openpyxl_cannot_take_is_drawn_from_its_values() -> None:
    workbook = manholes("约120")
    broken = with_part(as_bytes(workbook), "xl/styles.xml", lambda xml: re.sub(r'<sz val="\d+', '<sz val="x', xml))
    with pytest.raises(TypeError):
        opened(broken)
    _, marked = returned(broken, fault(workbook, "M03-01", "本月数"))
    assert cell(opened(marked), "M03-01", "本月数").fill.fgColor.rgb == RED
    assert values(read_form(corrected(marked), NAME, words())) == values(read_form(as_bytes(manholes()), NAME, words()))


def test_a_csv_comes_back_as_a_workbook_that_reads_the_same() -> None:
    rows = [[str(one.value or "") for one in row] for row in manholes("约120").worksheets[0].iter_rows()]
    content = "\r\n".join(",".join(f'"{text}"' for text in row) for row in rows).encode("gb18030")
    before = read_form(content, "5月.csv", words())
    (bad,) = [one for one in before.cells if one.raw_text == "约120"]
    finding = Finding("C12", "reject", bad.sheet_name, bad.cell_ref, "约120", "不是准确的数。", "请填写准确数字。")
    name, marked = returned(content, finding, name="5月.csv")
    assert name == "5月（退回）.xlsx"
    sheet = opened(marked).worksheets[1]
    assert sheet[str(bad.cell_ref)].fill.fgColor.rgb == RED
    after = read_form(marked, name, words())
    assert {one[2:] for one in values(after)} ^ {one[2:] for one in values(before)} == {
        ("file", "content_kind", "ok", ".csv", None),
        ("file", "content_kind", "ok", ".xlsx", None),
    }
