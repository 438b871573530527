"""What a leader reads of a month, from rows as they are published: sentences, news, requests, the month that counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest

from minsheng.core.codes import ReasonCode
from minsheng.publication.freezes import Freeze
from minsheng.publication.publication import Month, Publication
from minsheng.views.report.news import compared, news
from minsheng.views.report.requests import alike, requests
from minsheng.views.report.standing import opening_month, standing
from minsheng.views.report.tiles import sentence, shortfall
from minsheng.warehouse.connection import Row
from minsheng.words.chinese import chinese
from tests.workbooks import lushan

ZONE = ZoneInfo("Asia/Shanghai")
PLAN = lushan()
INDICATORS = {one.code: one for one in PLAN.indicators}
_LIGHTS = {
    "DONE": ("blue", "已完成"),
    "ON_TRACK": ("green", "符合序时进度"),
    "BEHIND": ("yellow", "滞后"),
    "FAR_BEHIND": ("red", "严重滞后"),
    "IN_PROGRESS": ("grey", "推进中"),
    "NOT_REPORTED": ("grey", "未报送"),
    "NOT_DONE": ("red", "未完成"),
}


def row(status_code: str, code: str = "M03-01", period: str = "2022-05", **changed: Any) -> Row:
    """An indicator's row of a month."""
    light, label = _LIGHTS[status_code]
    indicator = INDICATORS[code]
    shown: Row = {
        "period": period,
        "indicator_code": code,
        "indicator_name": indicator.name,
        "unit_of_measure": indicator.unit_of_measure,
        "status_code": status_code,
        "status_label": label,
        "light": light,
        "reason_code": None,
        "reason_label": None,
        "lead_unit_name": "县城管局",
        "comparator": indicator.comparator,
        "polarity": indicator.polarity,
        "target_value": indicator.target_for(period).value,
        "gap_pp": None,
        "shortfall_value": None,
        "accepted_at": None,
        "corrections": [],
        "errata": [],
    }
    return shown | changed


def overdue(code: str, shortfall_value: float | None, **changed: Any) -> Row:
    """An indicator's row at its deadline, with a target that has to be passed."""
    strict: dict[str, Any] = {"comparator": "gt", "target_value": Decimal(60), "reason_code": "PAST_DEADLINE"}
    return row("NOT_DONE", code, **(strict | {"shortfall_value": shortfall_value} | changed))


def unit(code: str, *, timing: str | None = "on_time", rank_no: int | None = None) -> Row:
    """A unit's row of a month; no timing: it has not reported."""
    return {
        "unit_code": code,
        "unit_name": f"单位{code}",
        "is_required": True,
        "due_at": datetime(2022, 6, 6, 18, tzinfo=ZONE),
        "first_received_at": None,
        "accepted_at": None,
        "submission_status": "accepted" if timing else "missing",
        "timing": timing,
        "rank_no": rank_no,
        "indicator_count": 1,
    }


def month(period: str, *rows: Row, units: tuple[Row, ...] = ()) -> Month:
    return Month(period, rows, (), units, (), (), ())


def publication(as_of: datetime, *months: Month) -> Publication:
    return Publication(Path(), "lushan-2022", {"as_of": as_of.isoformat()}, months)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row("ON_TRACK")], "1 项指标符合序时"),
        ([row("DONE"), row("DONE")], "2 项指标全部已完成"),
        (
            [row("ON_TRACK"), row("ON_TRACK"), row("BEHIND", shortfall_value=25.1)],
            "3 项指标中 2 项符合序时，窨井设施维护改造数差 26 个",
        ),
        ([row("NOT_REPORTED"), row("IN_PROGRESS")], "2 项指标，1 项未报送，1 项推进中"),
        (
            [row("BEHIND", shortfall_value=1), row("BEHIND", shortfall_value=2), row("FAR_BEHIND", shortfall_value=3)],
            "3 项指标，窨井设施维护改造数差 3 个，窨井设施维护改造数差 1 个，另有 1 项滞后",
        ),
    ],
)
def test_an_item_is_told_in_one_sentence(rows: list[Row], said: str) -> None:
    assert sentence(rows, INDICATORS) == said


@pytest.mark.parametrize(
    ("behind", "said"),
    [
        (row("BEHIND", shortfall_value=9.000000000000002), "差 9 个"),
        (row("BEHIND", shortfall_value=8.999999999999998), "差 9 个"),
        (row("BEHIND", "M04-01", shortfall_value=3.15), "差 3.15 公里"),
        (row("BEHIND", "M10-02", gap_pp=-8.6, shortfall_value=67690.0), "低 8.6 个百分点"),
        (row("BEHIND", "M10-02", gap_pp=-0.04), "差不到 0.1 个百分点"),
        (row("BEHIND", "M10-02", gap_pp=-0.05), "低 0.1 个百分点"),
        (row("BEHIND", "M10-02", gap_pp=-2.25, polarity="lower_better"), "高 2.3 个百分点"),
        (row("BEHIND", "M10-02", gap_pp=-0.01, polarity="lower_better"), "差不到 0.1 个百分点"),
        (row("BEHIND", "M10-02", gap_pp=0.0, comparator="gt"), "须超 65.0%"),
        (row("BEHIND", "M02-04"), "滞后"),
        (overdue("M03-01", 2.0), "差 2 个"),
        (overdue("M04-01", 0.5), "差 0.5 公里（须超 60 公里）"),
        (overdue("M04-01", None), "须超 60 公里"),
        (overdue("M04-01", None, polarity="lower_better"), "须低于 60 公里"),
        (overdue("M04-01", None, comparator="gt_last_year", target_value=None), "须高于上年同期"),
    ],
)
def test_what_is_wanting_is_said_in_the_unit_that_is_counted(behind: Row, said: str) -> None:
    assert shortfall(behind, INDICATORS[behind["indicator_code"]]) == said


def test_news_are_what_is_otherwise_than_the_month_before() -> None:
    freeze = datetime(2022, 5, 11, 18, tzinfo=ZONE)
    correction = {"change_note": "更正：原为 634", "actual_value": Decimal(606), "reason": "重复统计"}
    april = month(
        "2022-04",
        row("BEHIND", "M01-01", "2022-04"),
        row("ON_TRACK", "M01-02", "2022-04"),
        row("BEHIND", "M03-01", "2022-04", corrections=[correction | {"known_from": freeze + timedelta(days=5)}]),
        row("BEHIND", "M03-02", "2022-04", corrections=[correction | {"known_from": freeze - timedelta(days=1)}]),
        units=(unit("A", timing="late", rank_no=1), unit("B", rank_no=2), unit("C", rank_no=3)),
    )
    may = month(
        "2022-05",
        row("ON_TRACK", "M01-01"),
        row("FAR_BEHIND", "M01-02"),
        row("FAR_BEHIND"),
        row("BEHIND", "M03-02"),
        units=(unit("A", timing=None, rank_no=3), unit("B", rank_no=1), unit("C", timing="late", rank_no=3)),
    )
    changed = news(may, april, [april, may], freeze, None)
    assert {one.title: one.extent for one in changed if one.extent} == {"新转红": "2 项", "未按时报送": "2 家"}
    told = {one.title: [line.text for line in one.lines] for one in changed}
    assert told == {
        "新转红": [
            "新增技能人才：符合序时进度 → 严重滞后（县城管局）",
            "窨井设施维护改造数：滞后 → 严重滞后（县城管局）",
        ],
        "新滞后": [],
        "恢复": ["职业技能培训人次：滞后 → 符合序时进度（县城管局）"],
        "更正": ["窨井设施维护改造数 4月：原为 634，现为 606（重复统计）"],
        "未按时报送": ["迟报：单位C", "未报送：单位A（上月也未按时）"],
        "排名上升": ["单位B 2 → 1"],
        "排名下降": ["单位A 1 → 3"],
    }


def test_a_month_is_compared_with_the_last_one_opened_and_names_it() -> None:
    march, april, june = (month(f"2022-0{number}", units=(unit("A", timing=None),)) for number in (3, 4, 6))
    assert [compared(april, march), compared(june, april), compared(march, None)] == ["上月", "4月", ""]
    told = [line.text for one in news(june, april, [april, june], None, None) for line in one.lines]
    assert told == ["未报送：单位A（4月也未按时）"]


def test_in_the_first_month_nothing_is_otherwise() -> None:
    january = month("2022-01", row("BEHIND", period="2022-01"), units=(unit("A", rank_no=1),))
    assert [line for one in news(january, None, [january], None, None) for line in one.lines] == []


def test_somebody_is_asked_for_what_is_missing_since_it_is() -> None:
    def grey(period: str, code: str, reason: str) -> Row:
        return row("IN_PROGRESS", code, period, reason_code=reason, reason_label="推进中：没有节点或基数")

    months = [
        month(
            f"2022-0{number}", grey(f"2022-0{number}", "M05-01", "NO_PACE"), grey(f"2022-0{number}", "M02-03", reason)
        )
        for number, reason in ((1, "NOT_DUE"), (2, "NO_PACE"), (3, "NO_PACE"))
    ]
    told = [(one.row["indicator_code"], one.since, one.asked) for one in requests(PLAN, months[-1], months)]
    assert told == [
        ("M05-01", "1月起，已 3 个月", "请县城管局提供各时间节点应达到的数"),
        ("M02-03", "2月起，已 2 个月", "请县城管局提供 2021 年末的基数"),
    ]


def test_a_month_that_was_not_opened_ends_the_run() -> None:
    told = {"reason_code": "NO_PACE", "reason_label": "推进中"}
    months = [
        month(f"2022-0{number}", row("IN_PROGRESS", "M05-01", f"2022-0{number}", **told)) for number in (1, 2, 4, 5)
    ]
    assert [one.since for one in requests(PLAN, months[-1], months)] == ["4月起，已 2 个月"]


def test_somebody_is_asked_for_something_for_every_reason_that_settles_nothing() -> None:
    behind = {reason for reason, word in chinese().reason_code.items() if word.startswith(("确实滞后", "未完成"))}
    unsettled = sorted(set(get_args(ReasonCode)) - behind)
    assert {"UNSIGNED", "NO_PACE"} <= set(unsettled)
    for reason in unsettled:
        (one,) = requests(PLAN, month("2022-05", row("IN_PROGRESS", reason_code=reason, reason_label="原因")), [])
        assert one.asked, reason


def test_one_line_asks_for_what_has_been_wanting_for_the_same_time() -> None:
    wanting = {"M03-01": (4, 5), "M04-01": (5,), "M02-04": (4, 5)}
    told = {"reason_code": "UNSIGNED", "reason_label": "尚未审签"}
    months = [
        month(
            f"2022-0{number}",
            *(
                row("NOT_REPORTED", code, f"2022-0{number}", **told)
                for code, numbers in wanting.items()
                if number in numbers
            ),
        )
        for number in (4, 5)
    ]
    lines = [
        (some[0].asked, some[0].since, [one.row["indicator_code"] for one in some])
        for some in alike(requests(PLAN, months[-1], months))
    ]
    assert lines == [
        ("请县城管局审签", "", ["M04-01"]),
        ("请县城管局审签", "4月起，已 2 个月", ["M03-01", "M02-04"]),
    ]


def test_a_page_opens_on_the_last_month_that_is_frozen_or_due() -> None:
    due = datetime(2022, 6, 6, 18, tzinfo=ZONE)
    april, may = (
        month(period, row("ON_TRACK"), units=(unit("A") | {"due_at": due},)) for period in ("2022-04", "2022-05")
    )
    before, after = publication(due, april, may), publication(due + timedelta(seconds=1), april, may)
    frozen = {("lushan-2022", "2022-04"): Freeze("lushan-2022", "2022-04", due - timedelta(days=20), "000009-a")}
    assert opening_month([before], frozen) == (before, april), "a month just opened says nothing yet"
    assert opening_month([after], frozen) == (after, may)
    assert opening_month([before], {}) == (before, april)
    assert opening_month([publication(due)], {}) is None


def test_a_month_is_settled_until_something_later_changes_it() -> None:
    at = datetime(2022, 5, 11, 18, tzinfo=ZONE)
    freeze = Freeze("lushan-2022", "2022-04", at, "000009-a")
    as_it_was = month("2022-04", row("ON_TRACK", accepted_at=at - timedelta(days=3)))
    corrected = replace(as_it_was, indicators=(row("ON_TRACK", corrections=[{"known_from": at + timedelta(days=1)}]),))
    published = publication(at + timedelta(days=30), as_it_was)
    assert standing(published, as_it_was, None).word == "初步"
    assert standing(published, as_it_was, freeze).word == "定稿"
    assert standing(published, corrected, freeze).word == "定稿后有变动"


@pytest.mark.parametrize("moment", ["first_received_at", "accepted_at"])
def test_a_report_that_comes_after_the_freeze_changes_a_month_without_a_figure_of_its_own(moment: str) -> None:
    at = datetime(2022, 5, 11, 18, tzinfo=ZONE)
    freeze = Freeze("lushan-2022", "2022-04", at, "000009-a")
    in_time = month("2022-04", row("ON_TRACK"), units=(unit("A") | {moment: at},))
    after = month("2022-04", row("ON_TRACK"), units=(unit("A") | {moment: at + timedelta(hours=1)},))
    assert [standing(publication(at, one), one, freeze).is_changed for one in (in_time, after)] == [False, True]
