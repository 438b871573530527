"""A line without a number: a reason off the list, and nothing else, excuses it."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.county import County
from tests.workbooks import as_bytes, cell, manholes

pytestmark = pytest.mark.slow


def without_number(reason: str | None, **kept: int) -> Workbook:
    """The report of 县城管局 with a reason for its numbers; ``kept``: those it has all the same."""
    workbook = manholes(kept.get("month"), kept.get("cumulative"))
    cell(workbook, "M03-01", "无数据原因").value = reason
    return workbook


def verdict(county: County, workbook: Workbook) -> tuple[list[object], set[object]]:
    county.send(("CGJ", "报表.xlsx", as_bytes(workbook)))
    verdicts = [one for (one,) in county.query("select verdict from raw.verdict")]
    rules = {rule for (rule,) in county.query("select rule_code from raw.finding where severity = 'reject'")}
    return verdicts, rules


@pytest.mark.parametrize("reason", ["未到节点", " 数据未发布 ", "暂停", "未统计"])
def test_a_reason_excuses_empty_numbers(tmp_path: Path, reason: str) -> None:
    assert verdict(County(tmp_path), without_number(reason)) == (["accepted"], set())


@pytest.mark.parametrize(
    ("reason", "kept", "rules"),
    [
        (None, {}, {"C10"}),
        ("无", {}, {"C10"}),
        ("忘了", {}, {"C10", "C29"}),
        ("零报送", {}, {"C10"}),
        ("未到节点", {"month": 20, "cumulative": 520}, {"R17"}),
        ("未到节点", {"cumulative": 520}, {"R17"}),
        ("零报送", {"month": 20, "cumulative": 520}, {"R11"}),
    ],
)
def test_what_is_neither_a_number_nor_a_reason_is_sent_back(
    tmp_path: Path, reason: str | None, kept: dict[str, int], rules: set[str]
) -> None:
    assert verdict(County(tmp_path), without_number(reason, **kept)) == (["rejected"], rules)


def test_a_nil_report_may_be_chosen_as_well_as_ticked(tmp_path: Path) -> None:
    county = County(tmp_path)
    assert verdict(county, without_number("零报送", month=0, cumulative=520)) == (["accepted"], set())
    assert county.query("select 1 from raw.finding where rule_code = 'R10'") == []


def test_a_number_that_was_accepted_is_not_taken_back_by_a_reason(tmp_path: Path) -> None:
    county = County(tmp_path)
    county.send(("CGJ", "1.xlsx", as_bytes(manholes())))
    assert verdict(county, without_number("未到节点"))[1] == {"R18"}
