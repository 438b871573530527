"""A year: a register grown in June, a target raised in July, units merged in August, an erratum in September."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook

from tests.received import Received, at, verdicts

pytestmark = pytest.mark.slow

FIRST = 5
NEW_STREET = """\
  - code: '410423005'
    name: 新城街道
    valid_from: 2022-06
    document_no: 鲁政〔2022〕8号
"""
RAISED = """\
      - value: 2500
        as_written: '2500'
        comparator_word: '{word}'
        valid_from: 2022-07
        document_no: 鲁办文〔2022〕30号
"""
ERRATUM = """\
- code: E01
  reason: “严重滞后”应自低于序时进度 20 个百分点起，印发稿误排为 30
  document_no: 鲁办文〔2022〕41号
  decided_on: 2022-09-05
  valid_from: 2022-01
  valid_to: 2022-08
"""


def raise_target(county: Received) -> None:
    """The second version of the target of M03-01, after the first."""
    file = county.plan / "items" / "M03.yaml"
    head, first, rest = file.read_text(encoding="utf-8").partition("        document_no: 鲁办文〔2022〕15号\n")
    word = head.rpartition("comparator_word: ")[2].splitlines()[0]
    file.write_text(head + first + RAISED.format(word=word) + rest, encoding="utf-8")


def merge_units(county: Received) -> None:
    """From August on 县城管局 is part of 县住房和城乡建设局."""
    county.edit("units.yaml", "- code: CGJ\n", "- code: CGJ\n  valid_to: 2022-07-31\n  successor: ZJJ\n")


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Received:
    """May to September, each month reported once, on the third of the next."""
    county = Received(tmp_path_factory.mktemp("year"), looked_at=("MZJ",))
    for month in range(FIRST, 10):
        if month == 6:
            county.add("registers/streets.yaml", NEW_STREET)
        if month == 7:
            raise_target(county)
        if month == 8:
            merge_units(county)
        if month == 9:
            county.edit("plan.yaml", "red_floor_pp: -30", "red_floor_pp: -20")
            county.add("errata.yaml", ERRATUM)
        sender = "CGJ" if month < 8 else "ZJJ"
        numbers = {("M03-01", "本月数"): 60, ("M03-01", "累计数"): 60 * month}
        if sender == "ZJJ":
            numbers |= {("M03-02", "本月数"): 100, ("M03-02", "累计数"): 100 * (month - 7)}
        results = county.take(month, at(month + 1, 3), county.report(sender, month, numbers))
        assert [one.detail for result in results for one in result.outcomes if one.result == "failed"] == [], month
        assert verdicts(results) == {"accepted": 1}, [outcome for result in results for outcome in result.outcomes]
    return county


def test_each_month_is_judged_by_what_held_in_it(year: Received) -> None:
    told = year.published(
        """
        select period, lead_unit_code, target_value, actual_value, status_label
        from pub_indicator_completion_v1
        where indicator_code = 'M03-01'
        order by period
        """
    )
    assert [(lead, target) for _, lead, target, *_ in told] == [
        *[("CGJ", 2032)] * 2, ("CGJ", 2500), ("ZJJ", 2500), ("ZJJ", 2500)
    ]  # fmt: skip
    assert [actual for *_, actual, _ in told] == [60 * month for month in range(FIRST, 10)]
    floor = -20 / 100
    for month, (_, _, target, actual, status) in enumerate(told, start=FIRST):
        assert status == ("严重滞后" if actual / float(target) - month / 12 < floor else "滞后"), month


def test_a_street_that_is_new_in_june_is_asked_of_from_june_on(year: Received) -> None:
    asked = {}
    for path in sorted((year.home.templates / "lushan-2022").rglob("MZJ_*.xlsx")):
        rows = load_workbook(path)["明细"].iter_rows(values_only=True)
        asked[path.parent.name] = sum("新城街道" in row for row in rows)
    assert asked == {f"2022-{month:02}": 0 if month < 6 else 2 for month in range(FIRST, 10)}


def test_the_ledger_says_what_the_erratum_replaced(year: Received) -> None:
    told = year.published(
        """
        select period, value_before, value_after, document_no
        from pub_plan_erratum_v1
        where indicator_code = 'M03-01' and column_name = 'status_label'
        order by period
        """
    )
    assert told
    assert {(before, after, document) for _, before, after, document in told} == {
        ("滞后", "严重滞后", "鲁办文〔2022〕41号")
    }


def test_the_page_tells_a_stranger_what_changed(year: Received) -> None:
    pages = year.home.reports / "lushan-2022"
    august = (pages / "2022-08.html").read_text(encoding="utf-8")
    assert "目标由 2,032 调整为 2,500（鲁办文〔2022〕30号）" in august
    may = (pages / "2022-05.html").read_text(encoding="utf-8")
    assert "方案勘误 E01（鲁办文〔2022〕41号）" in may and "印发稿误排为 30" in may
    assert "方案勘误" not in (pages / "2022-05.定稿.html").read_text(encoding="utf-8"), "what was issued stays"


def test_it_all_comes_back_from_landing(year: Received) -> None:
    assert year.recovered() == year.content


def test_the_pages_say_who_answers_for_an_indicator_since_when(year: Received) -> None:
    pages = {
        month: (year.home.reports / "lushan-2022" / f"2022-{month:02}.html").read_text("utf-8") for month in (7, 8, 9)
    }
    told = "2022年8月起由县住房和城乡建设局牵头，此前为县城管局"
    assert {month: told in page for month, page in pages.items()} == {7: False, 8: True, 9: True}
    assert {month: "<b>初步</b>" in page for month, page in pages.items()} == {7: False, 8: False, 9: True}
    assert "低于 -20 为严重滞后" in pages[9]


def test_the_pages_list_what_of_the_plan_has_changed_by_then(year: Received) -> None:
    told = {
        "街道名录增加新城街道": 6,
        "M03-01 窨井设施维护改造数：目标由 2,032 调整为 2,500": 7,
        "县城管局至 2022-07-31 撤销，所承担的报送由县住房和城乡建设局承接": 8,
    }
    for month in range(FIRST, 10):
        page = (year.home.reports / "lushan-2022" / f"2022-{month:02}.html").read_text("utf-8")
        assert {text: text in page for text in told} == {text: month >= since for text, since in told.items()}
        assert "勘误 E01（2022-09-05 决定，更正2022年1月至2022年8月的判定）" in page
    issued = (year.home.reports / "lushan-2022" / "2022-05.定稿.html").read_text("utf-8")
    assert "方案变动" not in issued
