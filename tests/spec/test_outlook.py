"""``docs/spec/outlook.md`` is true of what is published."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest

from minsheng.warehouse.connection import Connection, rows_of
from minsheng.words.chinese import chinese
from tests.spec.pages import NOTHING, Case, by_table, cases, exact, number, promise, values
from tests.spec.world import Sent, World, make

CASES = list(cases("outlook", "逐月"))
TEXTS = {
    "状态": "status_label", "原因": "reason_label", "滞后起": "behind_since", "滞后月数": "months_behind",
    "余下月数": "remaining_month_count", "预计算式": "forecast_basis", "文号": "target_document_no",
    "时效": "timing_word", "上次滞后起": "last_behind_since", "沿用": "rests_on_period",
}  # fmt: skip
TRUTHS = {"已调整": "is_target_changed"}
AMOUNTS = {"最初目标": "original_target_value", "现行目标": "current_target_value"}
SUMS = {
    "所需月均": "pace_needed", "近三月月均": "pace_recent", "预计": "forecast_value", "预计完成率": "forecast_ratio",
    "按最初目标": "original_completion_ratio", "按现行目标": "current_completion_ratio",
}  # fmt: skip

# After the first of the next month: due on the fifth, frozen on the twelfth.
_DAYS_AFTER = {"": 0, "迟报": 10, "补报": 20}


@pytest.fixture(scope="module")
def published(connection: Connection) -> dict[tuple[str, str], dict[str, object]]:
    """Every row drawn on the page as it is published, by table and period."""
    make(connection, [_world(table, group) for table, group in by_table(CASES).items()])
    found = rows_of(
        connection,
        """
        select outlook.*, completion.status_label, completion.rests_on_period
        from published.pub_indicator_outlook_v1 as outlook
        inner join published.pub_indicator_completion_v1 as completion
            using (plan_id, period, indicator_code)
        """,
    )
    for row in found:
        row["timing_word"] = None if row["timing"] is None else chinese().timing[row["timing"]]
    return {(str(row["plan_id"]), str(row["period"])): row for row in found}


def _world(table: int, group: list[Case]) -> World:
    return World(f"p{table}", (promise("X", group[0].given),), tuple(sent for case in group for sent in _sent(case)))


def _sent(case: Case) -> list[Sent]:
    month, word = int(case.row["逐月"]), case.row["报送"]
    if word in (NOTHING, "空", "退回"):
        emptied = Sent("X", month, {}, verdict="rejected" if word == "退回" else "accepted", faults=["V01"])
        return [] if word == NOTHING else [emptied]
    timing, _, reported = word.rpartition(" ")
    sent = Sent("X", month, values(reported))
    return [replace(sent, at=sent.received_at + timedelta(days=_DAYS_AFTER[timing]))]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.where)
def test_a_drawn_row_is_what_is_published(published: dict[tuple[str, str], dict[str, object]], case: Case) -> None:
    row = published[f"p{case.table.line}", f"2022-{int(case.row['逐月']):02}"]
    drawn = case.row.items()
    for text, column in ((text, TEXTS[head]) for head, text in drawn if head in TEXTS):
        assert (NOTHING if row[column] is None else str(row[column])) == text
    for text, column in ((text, TRUTHS[head]) for head, text in drawn if head in TRUTHS):
        assert row[column] is {"是": True, "否": False, NOTHING: None}[text]
    for text, column in ((text, AMOUNTS[head]) for head, text in drawn if head in AMOUNTS):
        assert row[column] == number(text)
    for text, column in ((text, SUMS[head]) for head, text in drawn if head in SUMS):
        _agrees(row[column], text)


def _agrees(found: object, drawn: str) -> None:
    """The sum on the left is the value; rounded half-up it is the number on the right."""
    if drawn == NOTHING:
        assert found is None
        return
    left, right = drawn.split(" = ")
    value = exact(left)
    assert found == pytest.approx(float(value), rel=1e-12)
    rounded = (Decimal(value.numerator) / value.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert rounded == Decimal(right)


def test_every_column_of_the_page_is_compared() -> None:
    compared = {"逐月", "报送", *TEXTS, *TRUTHS, *AMOUNTS, *SUMS}
    assert {head for case in CASES for head in case.row} == compared


@pytest.mark.usefixtures("published")
def test_every_reason_but_the_early_ones_is_drawn(connection: Connection) -> None:
    """An earlier clock, a month opened late, reports unsigned, without a total, and reasons for that: in tests/sql."""
    labels = {row["reason_label"] for row in rows_of(connection, "select reason_label from star.dim_reason")}
    drawn = {case.row.get("原因") for case in CASES} - {None, NOTHING}
    assert labels - drawn == {
        "未报送：截止时间未到",
        "无法判定：缺累计数",
        "未报送：开月晚于定稿，不计漏报",
        "未报送：报表已接收，尚未审签",
        "未报送：报表已接收，本项说明了没有数的原因，不计漏填",
        "未报送：报表已接收，本项说明了没有数的原因，仍计漏填",
    }
