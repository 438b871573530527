"""更正 lifts what it replaces and nothing else; a month is held against the one before it and the one after it."""

from __future__ import annotations

from datetime import datetime, timedelta
from email import message_from_bytes, policy

import pytest
from openpyxl import Workbook

from minsheng.mail.delivery import pending
from tests.county import IN_MAY, IN_TIME, LATE, ZONE, County
from tests.workbooks import as_bytes, cell, manholes

pytestmark = pytest.mark.slow

IN_APRIL = datetime(2022, 4, 3, 10, 0, tzinfo=ZONE)


def corrected(workbook: Workbook, reason: str | None = "重复计数") -> Workbook:
    cell(workbook, "M03-01", "更正").value = "是"
    cell(workbook, "M03-01", "更正原因").value = reason
    return workbook


def report(county: County, workbook: Workbook, at: datetime) -> list[tuple[object, ...]]:
    """Send one file; rule and severity of all that is found in it, changes and lateness left out."""
    county.send(("CGJ", "报表.xlsx", as_bytes(workbook)), at=at)
    return county.query(
        f"""
        select rule_code, severity
        from raw.finding
        inner join raw.submission using (submission_id)
        where received_at = timestamptz '{at}' and rule_code not in ('H15', 'F31', 'F33')
        order by all
        """
    )


def told(county: County, rule: str) -> list[tuple[object, ...]]:
    return county.query(f"select message, remedy from raw.finding where rule_code = '{rule}'")


@pytest.mark.parametrize(
    ("month", "cumulative", "found"),
    [
        (500, 10, [("H03", "reject"), ("H18", "note"), ("R13", "reject")]),
        (10, 5000, [("H03", "reject"), ("H16", "warn")]),
        (10, 90, [("H16", "warn")]),
        (10, 70, [("H03", "reject"), ("H18", "note")]),
        (-5, 75, [("H18", "note")]),
    ],
    ids=["month above total", "80 + 10 = 5000", "a tick that does no harm", "80 + 10 = 70", "80 - 5 = 75"],
)
def test_a_tick_in_a_first_report_lifts_nothing_but_a_write_off_that_adds_up(
    county: County, month: int, cumulative: int, found: list[tuple[str, str]]
) -> None:
    report(county, manholes(80, 80, "2022-04"), IN_MAY)
    assert report(county, corrected(manholes(month, cumulative)), IN_TIME) == found


def test_a_tick_with_no_history_lifts_nothing(county: County) -> None:
    assert report(county, corrected(manholes(500, 10)), IN_TIME) == [("H16", "warn"), ("R13", "reject")]
    assert report(county, corrected(manholes(-5, 10)), IN_TIME + timedelta(hours=1)) == [
        ("H16", "warn"),
        ("R12", "reject"),
    ]


def test_a_tick_on_numbers_that_did_not_change_is_noted(county: County) -> None:
    report(county, manholes(80, 80), IN_TIME)
    assert report(county, corrected(manholes(80, 80)), LATE) == [("H17", "note")]


def test_a_correction_is_held_against_the_month_before(county: County) -> None:
    report(county, manholes(80, 80, "2022-04"), IN_MAY)
    report(county, manholes(10, 90), IN_TIME)
    assert report(county, corrected(manholes(10, 5000)), LATE) == [("H03", "reject")]
    assert report(county, corrected(manholes(500, 10)), LATE + timedelta(hours=1))[-1] == ("R13", "reject")
    assert report(county, corrected(manholes(12, 92)), LATE + timedelta(hours=2)) == []


def test_a_late_month_is_held_against_the_month_after(county: County) -> None:
    report(county, manholes(80, 380, "2022-04"), IN_MAY)
    assert report(county, manholes(500, 500, "2022-03"), IN_TIME) == [("H22", "reject")]
    ((message, remedy),) = told(county, "H22")
    assert message == "累计数 500 加 2022-04 已接收的本月数 80，不等于 2022-04 已接收的累计数 380。"
    assert str(remedy).startswith("请核对本月的数；2022-04 报错的，请先把 2022-04 的表按更正重报，再报本月；")
    assert report(county, manholes(120, 300, "2022-03"), LATE) == []


def test_a_gap_is_filled_so_that_both_sides_hold(county: County) -> None:
    report(county, manholes(100, 100, "2022-03"), IN_APRIL)
    report(county, manholes(50, 300), IN_TIME)
    assert report(county, manholes(200, 300, "2022-04"), LATE) == [("H22", "reject")]
    assert report(county, manholes(150, 250, "2022-04"), LATE + timedelta(hours=1)) == []


def test_over_a_gap_the_later_month_leaves_no_more_than_its_own_growth(county: County) -> None:
    report(county, manholes(50, 300), IN_TIME)
    assert report(county, manholes(260, 260, "2022-03"), LATE) == [("H23", "reject")]
    assert report(county, manholes(250, 250, "2022-03"), LATE + timedelta(hours=1)) == []


def test_a_change_not_declared_may_not_contradict_what_came_after(county: County) -> None:
    report(county, manholes(100, 100, "2022-04"), IN_MAY)
    report(county, manholes(50, 150), IN_MAY + timedelta(hours=1))
    assert report(county, manholes(120, 120, "2022-04"), IN_MAY + timedelta(hours=2)) == [("H22", "reject")]


def test_a_correction_is_the_truth_and_the_unit_is_told_what_no_longer_follows(county: County) -> None:
    report(county, manholes(300, 300, "2022-03"), IN_APRIL)
    report(county, manholes(80, 380, "2022-04"), IN_MAY)
    assert report(county, corrected(manholes(200, 200, "2022-03")), IN_TIME) == [("H26", "warn")]
    ((message, remedy),) = told(county, "H26")
    assert message == (
        "“窨井设施维护改造数”本月为 累计数 200，2022-04 已接收的（本月数 80、累计数 380，县城管局报送）与它对不上；"
        "在更正之前，2022-04 的数一直注明“与以前月份对不上”。"
    )
    assert "请把 2022-04 的表也按更正重新报送" in str(remedy)
    bodies = (
        message_from_bytes(eml.read_bytes(), policy=policy.default).get_body(("plain",)) for eml in pending(county.home)
    )
    assert any(str(message) in body.get_content() for body in bodies if body), "the answer tells it"


def test_only_the_later_months_own_correction_clears_it(county: County) -> None:
    report(county, manholes(300, 300, "2022-03"), IN_APRIL)
    report(county, manholes(80, 380, "2022-04"), IN_MAY)
    report(county, corrected(manholes(200, 200, "2022-03")), IN_TIME)
    assert report(county, manholes(20, 400), IN_TIME + timedelta(hours=1)) == [], "May follows from April as it stands"
    assert report(county, manholes(80, 380, "2022-04"), LATE) == [("H03", "reject")], "sent again it is no better"
    assert report(county, corrected(manholes(80, 280, "2022-04")), LATE + timedelta(hours=1)) == [("H26", "warn")]
    assert report(county, corrected(manholes(20, 300)), LATE + timedelta(hours=2)) == []


def test_what_was_over_reported_is_corrected_month_by_month(county: County) -> None:
    """The way the remedies tell: the month that was wrong first, then each that followed from it."""
    report(county, manholes(300, 300, "2022-03"), IN_APRIL)
    assert report(county, manholes(20, 250, "2022-04"), IN_MAY) == [("H01", "reject"), ("H03", "reject")]
    assert report(county, corrected(manholes(230, 230, "2022-03")), IN_MAY + timedelta(hours=1)) == []
    assert report(county, manholes(20, 250, "2022-04"), IN_MAY + timedelta(hours=2)) == []


def in_force(county: County) -> list[tuple[object, ...]]:
    return county.query(
        "select file_name from raw.submission inner join staging.stg_version using (submission_id) where is_current"
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [("更正前.xlsx", "a更正.xlsx"), ("9日.xlsx", "10日.xlsx"), ("z.xlsx", "a.csv.xlsx")],
)
def test_of_one_delivery_the_correction_counts_whatever_the_names(county: County, first: str, second: str) -> None:
    original, correction = as_bytes(manholes(120, 520)), as_bytes(corrected(manholes(119, 519)))
    county.send(("CGJ", first, correction), ("CGJ", second, original))
    assert in_force(county) == [(first,)]
    assert county.query("select verdict from raw.verdict") == [("accepted",)] * 2


def test_numbers_in_names_are_numbers(county: County) -> None:
    county.send(("CGJ", "9日.xlsx", as_bytes(manholes(120, 520))), ("CGJ", "10日.xlsx", as_bytes(manholes(121, 521))))
    assert in_force(county) == [("10日.xlsx",)]


def test_a_name_that_says_so_comes_after_one_that_does_not(county: County) -> None:
    good, better = as_bytes(manholes(120, 520)), as_bytes(manholes(121, 521))
    county.send(("CGJ", "5月报表.xlsx", good), ("CGJ", "5月修改后.xlsx", better), ("CGJ", "最后.xlsx", good))
    assert in_force(county) == [("5月修改后.xlsx",)]
