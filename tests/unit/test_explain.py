from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from minsheng.views import explain

BEHIND: dict[str, Any] = {
    "status_label": "滞后", "reason_code": "BEHIND_TIME", "reason_label": "确实滞后：落后于序时进度",
    "behind_since": "2022-04", "months_behind": 2, "timing": "on_time", "corrections": [], "errata": [],
    "is_target_changed": False, "rests_on_period": None, "closed_on": None,
    "unit_of_measure": "公里", "comparator": "ge", "polarity": "higher_better", "gap_pp": -16.7, "actual_value": 9.6,
    "target_value": Decimal(30), "pace_needed": 20.4 / 7, "remaining_month_count": 7, "forecast_value": 28.7333,
    "forecast_ratio": 28.7333 / 30, "forecast_basis": "累计 9.6 …",
}  # fmt: skip


@pytest.mark.parametrize(
    ("status", "label", "told"),
    [
        ("滞后", "确实滞后：落后于序时进度", "落后于序时进度"),
        ("未报送", "未报送：截止时间已过", "截止时间已过"),
        ("未报送", "已退回：尚未收到改正后的报表", "已退回：尚未收到改正后的报表"),
        ("已完成", None, ""),
    ],
)
def test_a_reason_does_not_repeat_the_status(status: str, label: str | None, told: str) -> None:
    assert explain.why(BEHIND | {"status_label": status, "reason_label": label}) == told


def test_one_line_says_why_since_when_late_corrected_and_against_which_target() -> None:
    row = BEHIND | {
        "break_note": "与 2022-04 对不上", "timing": "late", "is_target_changed": True,
        "original_target_value": Decimal(25),
        "current_target_value": Decimal(30), "target_document_no": "鲁办文〔2022〕30号",
        "original_completion_ratio": 0.38449,
        "corrections": [
            {"change_note": "更正：原为 9.2", "reason": "漏计一段"},
            {"change_note": "更正：原为 9.5", "reason": None},
        ],
    }  # fmt: skip
    assert explain.explanation(row) == (
        "落后于序时进度；4月起，已 2 个月；迟报；更正：原为 9.2（漏计一段）；更正：原为 9.5；"
        "与 2022-04 对不上；"
        "目标由 25 调整为 30（鲁办文〔2022〕30号），按原目标完成率 38.4%"
    )
    assert explain.explanation(BEHIND | {"reason_label": None, "behind_since": None}) == ""
    assert explain.remarks(BEHIND | {"timing": "supplementary"}) == ["补报"]
    assert explain.remarks(BEHIND | {"timing": None}) == []


def test_a_closure_is_told_with_its_office_and_document() -> None:
    closed = {"closed_on": date(2022, 8, 15), "closing_office": "县督查局", "closing_document_no": "鲁督〔2022〕12号"}
    assert explain.remarks(BEHIND | closed) == ["县督查局 2022-08-15 销号（鲁督〔2022〕12号）"]


def test_those_silent_since_they_were_behind_are_named() -> None:
    rows = [
        {"indicator_code": "M01-01", "last_behind_since": "2022-03"},
        {"indicator_code": "M04-01", "last_behind_since": "2022-11"},
    ]
    told = "另有 2 项本期没有结论，上次判定时为滞后：M01-01（3月起）、M04-01（11月起）。"
    assert explain.last_behind(rows) == told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, "每月 2.91（余 7 个月）"),
        ({"pace_needed": 0.005}, "每月 0.01（余 7 个月）"),
        ({"pace_needed": None, "unit_of_measure": "%", "gap_pp": -8.55}, "差 8.6 个百分点"),
        ({"pace_needed": None, "unit_of_measure": "%", "gap_pp": -0.02}, "差不到 0.1 个百分点"),
        (
            {
                "pace_needed": None,
                "unit_of_measure": "%",
                "gap_pp": 0.0,
                "comparator": "gt",
                "target_value": Decimal("0.6"),
            },
            "须超 60.0%",
        ),
        ({"pace_needed": None, "reason_code": "PAST_DEADLINE", "shortfall_value": 0.6}, "还差 0.6"),
        ({"pace_needed": None, "reason_code": "PAST_DEADLINE", "comparator": "gt"}, "须超 30 公里"),
        ({"pace_needed": None, "reason_code": "BEHIND_LAST_YEAR", "target_value": None}, "—"),
    ],
)
def test_what_it_would_take_depends_on_how_it_is_judged(change: dict[str, Any], told: str) -> None:
    assert explain.needed(BEHIND | change) == told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, "完成 95.8%，完不成\n累计 9.6 …"),
        ({"forecast_ratio": 1.0}, "完成 100.0%，能完成\n累计 9.6 …"),
        ({"forecast_ratio": 1.0, "comparator": "gt"}, "完成 100.0%，完不成\n累计 9.6 …"),
        ({"forecast_ratio": 0.99996}, "完成 100.0%，完不成\n累计 9.6 …"),
        (
            {"polarity": "lower_better", "comparator": "gt", "forecast_value": 0, "forecast_ratio": 1},
            "完成 100.0%，能完成\n累计 9.6 …",
        ),
        ({"forecast_ratio": None}, "缺三个月前的数，无法预计"),
        ({"forecast_ratio": None, "reason_code": "PAST_DEADLINE"}, "期限已到，不再预计"),
        ({"forecast_ratio": None, "reason_code": "BEHIND_RATE"}, "不按月份判定，不作预计"),
    ],
)
def test_a_forecast_says_whether_it_suffices_by_the_exact_ratio(change: dict[str, Any], told: str) -> None:
    assert explain.forecast(BEHIND | change) == told


@pytest.mark.parametrize(
    ("places", "standings"),
    [
        ([1, 2, 3, 4, 5, 6, 7], ["first", "first", "first", "", "last", "last", "last"]),
        ([1, 2, 2, 2, 5, 6, 7, 7], ["first", "first", "first", "first", "", "last", "last", "last"]),
        ([1, 2, 3, 4, 5, 6, 6, 6, 6], ["first", "first", "first", "", "", "last", "last", "last", "last"]),
        ([1, 1, 1], ["", "", ""]),
        ([1, 2, 3], ["", "", ""]),
        ([1, 2, 3, 4, 5], ["first", "first", "", "last", "last"]),
        ([1, 2, 2, 2, 2], ["first", "", "", "", ""]),
    ],
)
def test_units_that_tie_stand_together_among_the_first_or_the_last(places: list[int], standings: list[str]) -> None:
    ranked = [{"rank_no": place, "reported_count": 1} for place in places]
    assert [explain.standing(row, ranked) for row in ranked] == standings


def test_who_reported_nothing_is_not_among_the_first() -> None:
    ranked = [
        {"rank_no": place, "reported_count": count} for place, count in [(1, 5), (2, 0), (3, 0), (4, 1), (5, 1), (6, 0)]
    ]
    assert [explain.standing(row, ranked) for row in ranked] == ["first", "", "", "last", "last", "last"]
    assert explain.standing({"rank_no": None, "reported_count": 0}, ranked) == ""


def test_units_are_told_apart_by_how_their_report_came_in() -> None:
    units = [
        {"submission_status": status, "timing": timing}
        for status, timing in [
            ("missing", None),
            ("accepted", "on_time"),
            ("rejected", None),
            ("accepted", "supplementary"),
            ("accepted", "late"),
        ]
    ]
    grouped = explain.by_arrival(units)
    assert list(grouped) == ["按时", "迟报", "补报", "已退回", "未报送"]
    assert grouped["已退回"] == [units[2]]
