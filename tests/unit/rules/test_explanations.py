"""A doubt is accepted with a question: what the unit says of it is kept with the finding, wherever it says so."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from examples.filling import handed_out
from minsheng.core.declarations import FORMS
from minsheng.mail.checklist import add_checklist
from minsheng.plan.form import load_form
from minsheng.template.month import month_forms
from minsheng.validation.finding import Finding
from minsheng.validation.findings import recorded_findings
from minsheng.warehouse.connection import open_warehouse
from tests.county import County
from tests.workbooks import as_bytes, cell, lushan, manholes, sign

pytestmark = pytest.mark.slow

WHY = "汛期前集中改造，一次完工"


def doubt(county: County, content: bytes) -> Finding:
    """The one doubt of a file that is accepted."""
    county.send(("CGJ", f"{county.deliveries}.xlsx", content))
    with open_warehouse(county.home.warehouse) as connection:
        rows = connection.execute("select submission_id from raw.verdict where verdict = 'accepted'").fetchall()
        found = recorded_findings(connection, [key for (key,) in rows])
    (one,) = [one for each in found.values() for one in each if one.rule == "H04"]
    return one


def test_a_jump_without_a_word_is_accepted_with_a_question(tmp_path: Path) -> None:
    one = doubt(County(tmp_path), as_bytes(manholes(1200, 1600)))
    assert (one.severity, one.asks_why, one.explanation) == ("warn", True, None)
    assert one.remedy == (
        "如多填，请改正后重新报送。数属实的，请在“说明”一列（没有这一列的，在“备注”）写明为什么，重新报送整份表。"
    )


def test_what_stands_under_its_heading_is_kept_with_the_finding(tmp_path: Path) -> None:
    workbook = manholes(1200, 1600)
    cell(workbook, "M03-01", "说明").value = WHY
    one = doubt(County(tmp_path), as_bytes(workbook))
    assert (one.asks_why, one.explanation) == (True, WHY)
    assert one.remedy == f"如多填，请改正后重新报送。已收到说明“{WHY}”，由数据组审阅。"


def test_a_form_of_before_explains_in_its_remarks(tmp_path: Path) -> None:
    first = month_forms(lushan(), "2022-05", form=load_form(FORMS, "2022-01"))
    workbook = handed_out(first, "CGJ")
    for heading, value in (("本月数", 1200), ("累计数", 1600), ("备注", WHY)):
        cell(workbook, "M03-01", heading).value = value
    sign(workbook)
    assert doubt(County(tmp_path), as_bytes(workbook)).explanation == WHY


def test_what_is_written_into_the_list_of_an_answer_is_read_back(tmp_path: Path) -> None:
    county = County(tmp_path)
    workbook = manholes(1200, 1600)
    asked = Finding(
        "H04", "warn", "填报", "F6", "1200", "过大。", "请核对。", about="窨井设施维护改造数 · 本月数", asks_why=True
    )
    add_checklist(workbook, {sheet.title: sheet for sheet in workbook.worksheets}, "5月.xlsx", [asked], {})
    again = load_workbook(io.BytesIO(as_bytes(workbook)))
    headings = {str(one.value): one.column_letter for one in again["退回清单"][3]}  # type: ignore[union-attr]
    again["退回清单"][f"{headings['说明']}4"].value = WHY
    assert doubt(county, as_bytes(again)).explanation == WHY


def test_an_explanation_with_a_telephone_number_is_kept_out(tmp_path: Path) -> None:
    county, workbook = County(tmp_path), manholes(1200, 1600)
    cell(workbook, "M03-01", "说明").value = "请问张三 13812345678"
    county.send(("CGJ", "1.xlsx", as_bytes(workbook)))
    assert county.query("select verdict from raw.verdict") == [("rejected",)]
    assert county.query("select count(*) from raw.finding where rule_code like 'P%'") != [(0,)]


def test_an_explanation_in_a_file_that_was_not_kept_is_asked_for_again(tmp_path: Path) -> None:
    county, workbook = County(tmp_path), manholes(1200, 1600)
    cell(workbook, "M03-01", "说明").value = WHY
    cell(workbook, "M03-01", "备注").value = "13800000000"
    county.send(("CGJ", "5月.xlsx", as_bytes(workbook)))
    ((remedy, explanation),) = county.query("select remedy, explanation from raw.finding where rule_code = 'H04'")
    assert "请把说明写在重新报送的文件里" in str(remedy) and "已收到" not in str(remedy)
    assert explanation is None
