"""The form: what it declares, how a version is chosen, and how a fault in it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from minsheng.core.declarations import FORMS
from minsheng.core.errors import UserError
from minsheng.plan.form import Form, asked_columns, form_for, label_key, load_form, versions
from minsheng.plan.models import Plan

HEADINGS = {
    "report": {
        "indicator_code": "指标编码",
        "indicator_name": "指标名称",
        "unit_of_measure": "计量单位",
        "target": "年度目标",
        "last_cumulative": "上月累计",
        "month": "本月数",
        "cumulative": "累计数",
        "counted": "分子、分母的口径",
        "last_numerator": "上月分子",
        "last_denominator": "上月分母",
        "numerator": "分子",
        "denominator": "分母",
        "rate": "比率（自动计算）",
        "zero_report": "零报送",
        "no_data_reason": "无数据原因",
        "correction": "更正",
        "correction_reason": "更正原因",
        "explanation": "说明",
        "progress": "形象进度",
        "issue": "存在问题",
        "evidence": "佐证材料编号",
        "remark": "备注",
    },
    "contribution": {
        "item_code": "项目编码",
        "item_name": "项目名称",
        "indicator_code": "指标编码",
        "indicator_name": "指标名称",
        "unit_of_measure": "计量单位",
        "last_cumulative": "上月累计",
        "month": "本月数",
        "cumulative": "累计数",
        "zero_report": "零报送",
        "no_data_reason": "无数据原因",
        "correction": "更正",
        "correction_reason": "更正原因",
        "explanation": "说明",
        "progress": "工作进展",
        "issue": "存在问题",
        "remark": "备注",
    },
    "detail": {
        "indicator_code": "指标编码",
        "indicator_name": "指标名称",
        "member_code": "名录编码",
        "member_name": "名称",
        "unit_of_measure": "计量单位",
        "value": "数量",
        "explanation": "说明",
        "remark": "备注",
    },
    "guide": {},
}


def test_sheets_and_columns_are_the_ones_the_reader_and_the_rules_know(form: Form) -> None:
    found = {sheet.code: {column.code: column.heading for column in sheet.columns} for sheet in form.sheets}
    assert found == HEADINGS
    assert [sheet.name for sheet in form.sheets] == ["填报", "配合事项", "明细", "说明"]


def test_every_input_column_tells_the_clerk_what_to_write(form: Form) -> None:
    silent = [column.code for sheet in form.sheets for column in sheet.columns if column.is_input and not column.help]
    assert silent == []


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("分子(累计)", "numerator"),
        ("分母（累计）", "denominator"),
        ("零报送\n（是/否）", "zero_report"),
        ("累 计　完成", "cumulative"),
        ("本月完成：", "month"),
        ("形象进度(%)", "progress"),
        ("\u200b目标任务", "target"),
    ],
)
def test_headings_are_found_in_the_spellings_units_use(form: Form, heading: str, code: str) -> None:
    column = form.sheet("report").column_under(heading)
    assert column is not None
    assert column.code == code


def test_a_heading_the_form_does_not_know_means_no_column(form: Form) -> None:
    assert form.sheet("report").column_under("完成率") is None


def test_every_label_is_among_its_own_spellings(form: Form) -> None:
    labels = [*form.header, *form.signature]
    assert all(label_key(f"{field.label}：") in field.keys for field in labels)


@pytest.mark.parametrize(
    ("code", "numbers"),
    [
        ("M01-01", {"month", "cumulative", "zero_report", "no_data_reason"}),
        ("M02-03", {"cumulative", "zero_report", "no_data_reason"}),
        ("M02-04", {"month", "cumulative", "zero_report", "no_data_reason"}),
        ("M05-01", {"month", "cumulative", "zero_report", "no_data_reason"}),
        ("M07-03", {"numerator", "denominator", "zero_report", "no_data_reason"}),
        ("M06-02", set()),
    ],
)
def test_a_row_asks_for_what_its_kind_needs(plan: Plan, form: Form, code: str, numbers: set[str]) -> None:
    indicator = next(indicator for indicator in plan.indicators if indicator.code == code)
    words = {"correction", "correction_reason", "explanation", "progress", "issue", "evidence", "remark"}
    assert asked_columns(form.sheet("report"), indicator) == numbers | words


def test_a_progress_note_asks_for_words_only(form: Form) -> None:
    assert asked_columns(form.sheet("contribution"), None) == {"progress", "issue", "remark"}


def test_the_version_is_chosen_by_the_period(tmp_path: Path) -> None:
    _copy(tmp_path, "2022-01")
    _copy(tmp_path, "2022-04")
    chosen = [form_for(tmp_path, period).template_version for period in ("2022-03", "2022-04", "2023-01")]
    assert chosen == ["2022-01", "2022-04", "2022-04"]
    assert versions(tmp_path) == ("2022-01", "2022-04")


def test_a_period_before_every_version_is_refused() -> None:
    with pytest.raises(UserError, match="2021-12 没有可用的模板版本 → 现有版本 2022-01"):
        form_for(FORMS, "2021-12")


def test_an_unknown_version_is_refused_with_those_there_are() -> None:
    with pytest.raises(UserError, match="没有模板版本“2021-12” → 现有版本 2022-01"):
        load_form(FORMS, "2021-12")


def test_a_version_under_another_name_is_refused(tmp_path: Path) -> None:
    _copy(tmp_path, "2022-01").rename(tmp_path / "2022-02.yaml")
    with pytest.raises(UserError, match=r"02\.yaml：文件名是另一个版本，其中写的 template_version 是“2022-01” → 请使"):
        load_form(tmp_path, "2022-02")


def test_an_unknown_key_is_refused_with_its_line(tmp_path: Path) -> None:
    _copy(tmp_path, "2022-01", "is_input: true", "is_imput: true")
    with pytest.raises(UserError, match=r"2022-01\.yaml 第 \d+ 行.*没有“is_imput”这个键 → 是不是“is_input”？"):
        load_form(tmp_path, "2022-01")


def test_a_label_that_could_be_read_two_ways_is_refused(tmp_path: Path) -> None:
    _copy(tmp_path, "2022-01", "aliases: [填表人, ", "aliases: [审核人, ")
    with pytest.raises(UserError, match="这些名称有两种读法：审核人"):
        load_form(tmp_path, "2022-01")


def _copy(folder: Path, version: str, old: str = "", new: str = "") -> Path:
    """The real form as another version, with its first ``old`` replaced."""
    text = (FORMS / "2022-01.yaml").read_text(encoding="utf-8").replace('"2022-01"', f'"{version}"')
    assert old in text
    path = folder / f"{version}.yaml"
    path.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    return path
