"""What is noted around a table: another unit of measure, another month. It is asked about, and nothing else is."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from openpyxl import Workbook

from minsheng.flows.precheck import Checked, judge_files
from tests.county import IN_TIME
from tests.workbooks import as_bytes, beside, blank, header_row, lushan, manholes, streets

pytestmark = pytest.mark.slow

# Where it is written, what is written, and what is said of it; "" where nothing is. The lines are counted in 个.
MEASURES = {
    ("A4", "单位：万个"): "C27",
    ("A4", "（单位：千元）"): "C27",
    ("A4", "计量单位：万元"): "C27",
    ("A4", "本月进展（单 位：万 个）"): "C27",
    ("A4", "注：表中数据单位均为百个。"): "C27",
    ("R6", "单位：万"): "C27",
    ("F4", "（万个）"): "C27",
    ("A9", "填报人：示例甲    单位：公里"): "C27",
    ("A4", "单位：人、户"): "C44",
    ("A4", "单位：100个"): "C27",
    ("A4", "单位：1个"): "",
    ("A4", "单位：个"): "",
    ("A4", "单位：个、万元"): "",
    ("A4", "（计量单位：座）"): "",
    ("A4", "单位：见各行"): "",
    ("A4", "单位：鲁山县住建局"): "",
    ("A4", "单位：万达公司"): "",
    ("A4", "实施单位：千元公司"): "",
    ("A4", "数字不带单位，万元以下的不填"): "",
    ("R6", "（万个）"): "C27",
    ("P6", "资金单位：万元"): "",
}


def judged(workbooks: Iterable[Workbook], folder: Path, name: str = "报表.xlsx", unit: str = "CGJ") -> list[Checked]:
    files = []
    for number, workbook in enumerate(workbooks):
        file = folder / str(number) / unit / name
        file.parent.mkdir(parents=True)
        file.write_bytes(as_bytes(workbook))
        files.append(file)
    return judge_files(files, lushan(), None, None, IN_TIME)


def noted(place: str, text: str) -> Workbook:
    workbook = manholes()
    sheet = workbook["填报"]
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet[place] = text
    return workbook


def test_a_unit_of_measure_beside_the_table_is_asked_about(tmp_path: Path) -> None:
    checked = judged((noted(*where) for where in MEASURES), tmp_path)
    told = {where: [one.rule for one in answer.findings] for where, answer in zip(MEASURES, checked, strict=True)}
    assert told == {where: [code] if code else [] for where, code in MEASURES.items()}
    assert {answer.verdict for answer, code in zip(checked, MEASURES.values(), strict=True) if code != "C27"} == {
        "accepted"
    }
    (finding,) = checked[0].findings
    assert (finding.sheet, finding.cell, finding.found) == ("填报", "A4", "单位：万个")
    assert finding.message == "表旁写着“单位：万个”，各行的计量单位却是“个”，无法确定表中的数按哪个单位填。"


def test_a_label_with_the_unit_in_the_cell_beside_it_is_the_same(tmp_path: Path) -> None:
    workbook = noted("A4", "计量单位：")
    workbook["填报"]["C4"] = "万个"
    (checked,) = judged([workbook], tmp_path)
    assert [(one.rule, one.found) for one in checked.findings] == [("C27", "计量单位：万个")]


def test_lines_that_name_no_unit_may_not_be_counted_in_ten_thousands(tmp_path: Path) -> None:
    workbooks = [noted("A4", text) for text in ("单位：万个", "单位：公里")]
    for workbook in workbooks:
        workbook["填报"]["C5"], workbook["填报"]["C6"] = "栏", None
    (scaled, other) = judged(workbooks, tmp_path)
    assert [one.message for one in scaled.findings] == [
        "表旁写着“单位：万个”，各行的计量单位却是“见工作方案”，无法确定表中的数按哪个单位填。"
    ]
    assert other.findings == ()


def test_a_note_about_one_of_several_units_is_no_contradiction_and_shares_are_of_anything(tmp_path: Path) -> None:
    workbooks = [streets() for _ in range(3)]
    for workbook, text in zip(workbooks, ("单位：人", "单位：户", "单位：万人"), strict=True):
        workbook["填报"]["A4"] = text
    told = [[one.rule for one in answer.findings] for answer in judged(workbooks, tmp_path, unit="MZJ")]
    assert told == [[], ["C44"], ["C27"]]


def titled(*titles: str, month: str = "2022-05") -> Workbook:
    workbook = manholes()
    beside(workbook, "报送期").value = month
    for row, title in enumerate(titles, start=1):
        workbook["填报"].cell(row * 3 - 2, 1).value = title
    return workbook


# What stands above the table, and whether it is another month than the form's.
TITLES = {
    "2022年4月份民生实事进展情况": True,
    "民生实事四月份进展情况表": True,
    "鲁山县2021年重点民生实事5月份填报表": True,
    "鲁山县2022年重点民生实事5月份填报表": False,
    "民生实事5月份填报表": False,
    "民生实事1-4月份完成情况": True,
    "2022年1－5月份民生实事完成情况": False,
    "鲁山县重点民生实事填报表": False,
    "本表自2022年1月起使用，请勿改动": False,
    "请于6月5日前报送5月份民生实事数据": False,
    "鲁办文〔2022〕15号，2022年3月印发各单位": False,
}


def test_a_title_of_another_month_is_asked_about(tmp_path: Path) -> None:
    checked = judged(map(titled, TITLES), tmp_path)
    told = {title: [one.message for one in answer.findings] for title, answer in zip(TITLES, checked, strict=True)}
    message = "表的上方写着“{}”，表头的报送期却是 2022-05；已按报送期读取。"
    assert told == {title: [message.format(title)] if is_other else [] for title, is_other in TITLES.items()}
    assert {(one.rule, one.cell) for answer in checked for one in answer.findings} == {("F28", "A1")}
    assert {answer.verdict for answer in checked} == {"accepted"}


def test_what_several_places_say_of_the_month_is_said_once(tmp_path: Path) -> None:
    april = "2022年4月份民生实事进展情况"
    (both, named) = (
        judged([workbook], tmp_path / name, name)[0]
        for workbook, name in ((titled(april, april), "报表.xlsx"), (titled(april), "4月报表.xlsx"))
    )
    assert [one.rule for one in both.findings] == ["F28"]
    assert [one.rule for one in named.findings] == ["F23"]


def test_the_handed_out_form_says_nothing_of_itself(tmp_path: Path) -> None:
    (answer,) = judged([blank("WJW")], tmp_path, unit="WJW")
    assert not {one.rule for one in answer.findings} & {"C27", "C44", "F28"}
    assert header_row(blank("WJW")["填报"]) == 5
