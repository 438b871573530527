"""A closed month keeps its figures, but for one reopened by approval until an hour; a missing report may still come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from minsheng.core.errors import UserError
from minsheng.core.period import Period
from minsheng.flows.deciding import MonthOfUnits, Said, close, end_closing, end_reopening, reopen
from minsheng.stages.chase import chase
from minsheng.stages.validate import validate
from minsheng.warehouse.connection import open_warehouse
from tests.county import CONTACTS, IN_TIME, ZONE, County
from tests.workbooks import as_bytes, cell, lushan, manholes

MAY = Period(2022, 5)
FIGURE = MonthOfUnits(MAY, "CGJ", "M03-01")
CLOSED = datetime(2022, 6, 14, 9, tzinfo=ZONE)
AFTER = CLOSED + timedelta(hours=2)
UNTIL = CLOSED + timedelta(days=2)
SAID = Said(CLOSED, "张三", "年中考核")


def corrected(cumulative: int = 530) -> bytes:
    workbook = manholes(130, cumulative)
    cell(workbook, "M03-01", "更正").value = "是"
    cell(workbook, "M03-01", "更正原因").value = "漏计 10 个"
    return as_bytes(workbook)


@pytest.fixture
def reported(tmp_path: Path) -> County:
    county = County(tmp_path)
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes())), at=IN_TIME)
    return county


def last(county: County) -> tuple[str, set[str]]:
    """The verdict on what came last, and the rules that refuse it."""
    with open_warehouse(county.home.warehouse) as connection:
        (found,) = connection.execute(
            """
            select submission_id, verdict from raw.verdict
            inner join raw.submission using (submission_id) order by received_at desc limit 1
            """
        ).fetchall()
        rules = connection.execute(
            "select rule_code from raw.finding where submission_id = ? and severity = 'reject'", [found[0]]
        ).fetchall()
    return found[1], {rule for (rule,) in rules}


def test_an_accepted_figure_is_not_changed_any_more(reported: County) -> None:
    close(reported.home, lushan(), MAY, SAID)
    reported.send(("CGJ", "更正.xlsx", corrected()), at=AFTER)
    assert last(reported) == ("rejected", {"H27"})


def test_the_same_figures_and_a_missing_report_are_accepted(tmp_path: Path) -> None:
    county = County(tmp_path)
    close(county.home, lushan(), MAY, SAID)
    county.send(("CGJ", "补报.xlsx", as_bytes(manholes())), at=AFTER)
    assert last(county) == ("accepted", set())


def test_what_came_before_it_was_closed_counts(reported: County) -> None:
    reported.send(("CGJ", "更正.xlsx", corrected()), at=CLOSED - timedelta(hours=1))
    close(reported.home, lushan(), MAY, SAID)
    assert last(reported) == ("accepted", set())


def test_a_figure_is_reopened_until_an_hour_and_told(reported: County) -> None:
    close(reported.home, lushan(), MAY, SAID)
    reopen(reported.home, lushan(), FIGURE, UNTIL, Said(CLOSED, "李四", "核实漏计", "鲁民实办〔2022〕11号"))
    reported.send(("CGJ", "更正.xlsx", corrected()), at=AFTER)
    assert last(reported) == ("accepted", set())
    chase(reported.run(AFTER), CONTACTS)
    with open_warehouse(reported.home.warehouse) as connection:
        ((opening,),) = connection.execute("select opening from raw.letter where kind = 'notice'").fetchall()
    assert "重新开放到6月16日（星期四）09:00（鲁民实办〔2022〕11号）" in str(opening)
    reported.send(("CGJ", "再更正.xlsx", corrected(531)), at=UNTIL + timedelta(hours=1))
    assert "H27" in last(reported)[1]


def test_what_came_before_it_was_reopened_finds_it_shut_whenever_it_is_judged(reported: County) -> None:
    close(reported.home, lushan(), MAY, SAID)
    reopen(reported.home, lushan(), FIGURE, UNTIL, Said(AFTER + timedelta(minutes=10), "李四", "核实漏计"))
    reported.send(("CGJ", "更正.xlsx", corrected()), at=AFTER, judge=False)
    validate(reported.run(AFTER + timedelta(hours=1)))
    verdict, rules = last(reported)
    assert verdict == "rejected" and "H27" in rules


@pytest.mark.parametrize(
    ("taken_back", "verdict"),
    [
        (lambda county: end_reopening(county.home, lushan(), FIGURE, SAID), "rejected"),
        (lambda county: end_closing(county.home, lushan(), MAY, SAID), "accepted"),
    ],
)
def test_each_is_taken_back_by_its_opposite(
    reported: County, taken_back: Callable[[County], int], verdict: str
) -> None:
    close(reported.home, lushan(), MAY, SAID)
    reopen(reported.home, lushan(), FIGURE, UNTIL, SAID)
    assert taken_back(reported) == 3
    reported.send(("CGJ", "更正.xlsx", corrected()), at=AFTER)
    assert last(reported)[0] == verdict


def test_what_cannot_be_decided_is_said(reported: County) -> None:
    home, plan = reported.home, lushan()
    with pytest.raises(UserError, match="这个月 2022-06-13 18:00 才定稿"):
        close(home, plan, MAY, Said(IN_TIME, "张三", "早了"))
    with pytest.raises(UserError, match="没有关闭，没有可以重新开放的"):
        reopen(home, plan, FIGURE, UNTIL, SAID)
    close(home, plan, MAY, SAID)
    with pytest.raises(UserError, match="已经关闭，没有可以关闭的"):
        close(home, plan, MAY, SAID)
    with pytest.raises(UserError, match="没有指标“M99”"):
        reopen(home, plan, MonthOfUnits(MAY, "CGJ", "M99"), UNTIL, SAID)
    with pytest.raises(UserError, match="开放到 2022-06-14 09:00，不在作决定的 2022-06-14 09:00 以后"):
        reopen(home, plan, FIGURE, CLOSED, SAID)
    with pytest.raises(UserError, match="单位“CL”不报指标“M03-01”"):
        reopen(home, plan, MonthOfUnits(MAY, "CL", "M03-01"), UNTIL, SAID)
