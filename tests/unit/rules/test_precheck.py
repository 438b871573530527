"""A file checked before it is sent: what is said of it, and where it stands."""

from pathlib import Path

from openpyxl import Workbook

from minsheng.flows.precheck import judge_files
from minsheng.validation.finding import Finding
from tests.county import IN_TIME
from tests.workbooks import as_bytes, beside, lushan, manholes, streets, table_rows


def checked(folder: Path, content: bytes, name: str = "5月.xlsx") -> tuple[Finding, ...]:
    folder.mkdir(parents=True)
    file = folder / name
    file.write_bytes(content)
    return judge_files([file], lushan(), None, None, IN_TIME)[0].findings


def two_forms() -> Workbook:
    workbook = manholes()
    workbook.copy_worksheet(workbook["填报"]).sheet_state = "hidden"
    return workbook


def test_of_a_file_on_a_desk_nobody_says_that_no_unit_sends_it(tmp_path: Path) -> None:
    assert [one.rule for one in checked(tmp_path / "Desktop", b"PK\x03\x04")] == ["F02"]
    assert [one.rule for one in checked(tmp_path / "桌面", as_bytes(two_forms()))] == ["F07", "C42"]


def test_of_several_forms_each_is_named(tmp_path: Path) -> None:
    finding, hidden = checked(tmp_path / "CGJ", as_bytes(two_forms()))
    assert finding.message == (
        "工作簿中有不止一张填了数的同类报送表（填报、填报 Copy（隐藏）），无法确定以哪一张为准；各张的问题都已列出。"
    )
    assert (hidden.rule, hidden.sheet) == ("C42", "填报 Copy")


def test_of_a_csv_that_is_ragged_the_line_is_named_if_it_can_be(tmp_path: Path) -> None:
    row = "指标编码,指标名称,计量单位,年度目标,本月数,累计数\n"
    (finding,) = checked(tmp_path / "CGJ", (row + "M03-01,窨井,个,2032,1,200,811\n").encode(), "5月.csv")
    assert "列名 6 格，第 2 行 7 格" in finding.message
    (finding,) = checked(tmp_path / "again" / "CGJ", (row + 'M03-01,"窨井,个,2032,200,811\n').encode(), "5月.csv")
    assert "位置不明" in finding.message


def test_of_codes_that_a_program_has_damaged_it_is_not_said_that_they_are_all_the_same(tmp_path: Path) -> None:
    workbook = streets()
    for row in table_rows(workbook["明细"]):
        if row["指标编码"].value:
            row["名录编码"].value = "4.10423E+08"
    rules = [one.rule for one in checked(tmp_path / "MZJ", as_bytes(workbook))]
    assert (set(rules), rules.count("R07")) == ({"O03", "R07"}, 8)


def test_a_column_that_may_hold_the_real_number_is_told_with_its_place(tmp_path: Path) -> None:
    workbook = manholes()
    workbook["填报"]["Q5"].value, workbook["填报"]["Q6"].value = "累计数（最终）", 560
    (finding,) = checked(tmp_path / "CGJ", as_bytes(workbook))
    assert (finding.rule, finding.sheet, finding.cell, finding.message) == (
        "C03",
        "填报",
        "Q5",
        "“累计数（最终）”不是报送表的列名，却与“累计数”相近，无法确定“累计数”以哪一列为准。",
    )


def test_of_a_file_that_cannot_be_opened_it_is_said_that_nothing_else_was_judged(tmp_path: Path) -> None:
    (finding,) = checked(tmp_path / "CGJ", b"PK\x03\x04")
    assert finding.remedy.endswith("表中各数这次没有能够校验，重新报送后一并校验。")


def test_by_which_month_a_file_without_one_was_judged_is_told_with_its_other_faults(tmp_path: Path) -> None:
    workbook = manholes("约300")
    beside(workbook, "报送期").value = "上个月"
    found = {one.rule: one for one in checked(tmp_path / "CGJ", as_bytes(workbook), "报表.xlsx")}
    assert {"F20", "C12"} <= found.keys()
    assert "其余各项先按 2022-05 校验" in found["F20"].message
