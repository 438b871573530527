"""What is said of units beside the numbers: where it contradicts the lines, and where it only seems to."""

from collections.abc import Callable

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation

from tests.workbooks import blank, cell, header_row, present, read

Change = Callable[[Workbook], None]


def notes(change: Change) -> list[tuple[str | None, str, str | None]]:
    """Cell, reading and words of every note about units in the form of 县人力资源和社会保障局."""
    workbook = blank("RSJ")
    change(workbook)
    return [(one.cell_ref, one.reading, one.raw_text) for one in read(workbook).cells if one.field == "measure"]


def remark(text: str) -> Change:
    return lambda workbook: setattr(cell(workbook, "M01-01", "备注"), "value", text)


def below(text: str) -> Change:
    return lambda workbook: workbook["填报"].__setitem__("A20", text)


def on_a_sheet(text: str) -> Change:
    return lambda workbook: workbook.create_sheet("情况").__setitem__("A1", text)


def behind_the_title(text: str) -> Change:
    def change(workbook: Workbook) -> None:
        title = workbook["填报"]["A1"]
        title.value = f"{title.value}{text}"

    return change


def heading(text: str) -> Change:
    def change(workbook: Workbook) -> None:
        sheet = workbook["填报"]
        next(one for one in sheet[header_row(sheet)] if one.value == "累计数").value = text

    return change


SAID = [
    "单位：百人次",
    "数据以万计",
    "以上数据单位为万人次",
    "均为万元",
    "以千人为单位",
    "单位均按万填",
    "各数已除以10000",
    "以“万人次”为单位",
    "单位（百人次）",
    "表中数字的单位为百人次",
    "本行单位是“百人次”",
    "单位：仟人次",
    "按百人次口径",
    "以上均为百人次数",
    "数字为百人次",
    "均为百人次数",
    "实际数＝表中数×100",
    "各数省略了后面两个零",
    "单位：W",
    "单位：k",
    "（万人次）",
]
HARMLESS = [
    "单位：人次",
    "单位 3 家参与",
    "按百分比计算",
    "补贴资金均为万元",
    "投入以万元计",
    "每班均为十人",
    "以万名群众为重点",
    "填报单位：县人力资源和社会保障局",
    "新签约的单位10家",
    "单位（盖章）",
    "均为百人以上",
    "接力赛4×100米",
    "数量：100个",
    "去掉零散户",
    "以上为示例",
]


@pytest.mark.parametrize("place", [remark, below, on_a_sheet])
@pytest.mark.parametrize("text", SAID[:-1])
def test_another_unit_is_found_wherever_it_is_said(place: Callable[[str], Change], text: str) -> None:
    assert [reading for _, reading, _ in notes(place(text))] == ["factor"]


@pytest.mark.parametrize("place", [remark, below])
def test_a_unit_that_stands_alone_is_said_of_the_table(place: Callable[[str], Change]) -> None:
    assert [reading for _, reading, _ in notes(place(SAID[-1]))] == ["factor"]


@pytest.mark.parametrize("place", [remark, below, on_a_sheet])
@pytest.mark.parametrize("text", HARMLESS)
def test_what_says_nothing_of_the_numbers_is_left_alone(place: Callable[[str], Change], text: str) -> None:
    assert notes(place(text)) == []


@pytest.mark.parametrize("text", ["（单位：万人次）", "（万人次）", "单位：百人次", "（以万计）"])
def test_the_title_may_say_it(text: str) -> None:
    assert [(place, reading) for place, reading, _ in notes(behind_the_title(text))] == [("A1", "factor")]


@pytest.mark.parametrize("text", ["累计数（万人）", "累计数(万)", "累计（单位：千人次）"])
def test_a_heading_may_say_it_and_still_names_its_column(text: str) -> None:
    assert [(place, reading) for place, reading, _ in notes(heading(text))] == [("G5", "factor")]


def test_a_heading_with_the_unit_of_its_lines_is_that_column() -> None:
    workbook = blank("CGJ")
    heading("累计数（个）")(workbook)
    cell(workbook, "M03-01", "累计数（个）").value = 520
    cells = read(workbook).cells
    assert [one.number_value for one in cells if (one.section, one.field) == ("report", "cumulative")] == [520]
    assert [one for one in cells if one.field == "measure"] == []


def test_a_table_of_the_unit_s_own_has_units_of_its_own() -> None:
    def change(workbook: Workbook) -> None:
        sheet = workbook.create_sheet("经费")
        for row in (["单位：万元"], ["培训", 120], ["取证", 35.5]):
            sheet.append(row)

    assert notes(change) == []


@pytest.mark.parametrize(
    ("change", "quoted"),
    [
        (remark("单位：百人次"), "单位：百人次"),
        (below("以上数据单位为万人次"), "数据单位为万人次"),
        (heading("累计数（万人）"), "（万人）"),
        (behind_the_title("（万人次）"), "（万人次）"),
    ],
)
def test_what_is_quoted_can_be_found_in_the_cell(change: Change, quoted: str) -> None:
    assert [words for _, _, words in notes(change)] == [quoted]


def in_a_comment(text: str) -> Change:
    return lambda workbook: setattr(workbook["填报"]["G6"], "comment", Comment(text, "示例"))


def in_the_footer(text: str) -> Change:
    return lambda workbook: setattr(present(workbook["填报"].oddFooter).center, "text", text)


def in_a_prompt(text: str) -> Change:
    prompt = DataValidation(prompt=text, showInputMessage=True, sqref="G6")
    return lambda workbook: workbook["填报"].add_data_validation(prompt)


def as_the_name(text: str) -> Change:
    return lambda workbook: setattr(workbook["填报"], "title", text)


@pytest.mark.parametrize("place", [in_a_comment, in_the_footer, in_a_prompt, as_the_name])
@pytest.mark.parametrize("text", ["单位：百人次", "数据均以万计"])
def test_what_stands_in_no_cell_may_say_it(place: Callable[[str], Change], text: str) -> None:
    assert [(cell, reading) for cell, reading, _ in notes(place(text))] == [(None, "factor")]


@pytest.mark.parametrize("place", [in_a_comment, in_the_footer, in_a_prompt])
@pytest.mark.parametrize("text", [*HARMLESS, "100", "单位：人次"])
def test_what_stands_in_no_cell_may_speak_of_other_things(place: Callable[[str], Change], text: str) -> None:
    assert notes(place(text)) == []


def test_the_form_s_own_prompts_and_our_comments_in_an_answer_say_nothing() -> None:
    answered = in_a_comment("核对过\n【数据组】退回：表旁写着“单位：百人次”，无法确定\n怎样改：单位：百人次")
    assert notes(lambda _: None) == notes(answered) == []


def test_the_heading_of_the_units_may_say_it() -> None:
    change: Change = lambda workbook: workbook["填报"].__setitem__("C5", "计量单位（万）")  # noqa: E731
    assert [(cell, reading) for cell, reading, _ in notes(change)] == [("C5", "factor")]


def test_the_list_of_faults_we_sent_back_says_nothing_for_the_unit() -> None:
    def sent_back(workbook: Workbook) -> None:
        sheet = workbook.create_sheet("退回清单")
        sheet["E4"] = "人数为 1（是否以万为单位填报，应为 10000？）"
        sheet["E5"] = "“锟斤拷锟斤拷”是乱码"

    workbook = blank("RSJ")
    sent_back(workbook)
    assert [one.field for one in read(workbook).cells if one.sheet_name == "退回清单"] == []
