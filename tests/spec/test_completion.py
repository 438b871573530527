"""``docs/spec/completion.md`` is true of the SQL, and of the plain reference."""

from __future__ import annotations

from decimal import Decimal

import pytest

from minsheng.warehouse.connection import Connection, rows_of
from minsheng.words.display import percent, points
from tests.spec import pages
from tests.spec.judged import judged_by_reference
from tests.spec.pages import (
    NOTHING,
    Case,
    by_table,
    cases,
    exact,
    promise,
    thresholds,
    values,
)
from tests.spec.world import Sent, World, make

CASES = list(cases("completion", "月"))
STATUSES = ("已完成", "超序时进度", "符合序时进度", "滞后", "严重滞后", "未完成", "推进中", "未报送", "无法判定")

Published = dict[str, object]


@pytest.fixture(scope="module")
def published(connection: Connection) -> dict[tuple[str, str], Published]:
    """Every case judged by the SQL, by line and period."""
    make(connection, [_world(table, group) for table, group in by_table(CASES).items()])
    judged = rows_of(connection, "select * from published.pub_indicator_completion_v1")
    return {(str(row["indicator_code"]), str(row["period"])): row for row in judged}


def _world(table: int, group: list[Case]) -> World:
    promises = tuple(promise(case.code, case.given) for case in group)
    sent = tuple(_sent(case) for case in group if case.row["报送"] != NOTHING)
    return World(f"p{table}", promises, sent, thresholds(group[0].given))


def _sent(case: Case) -> Sent:
    return Sent(case.code, int(case.row["月"]), values(case.row["报送"]))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.where)
def test_a_drawn_row_is_what_the_sql_publishes(published: dict[tuple[str, str], Published], case: Case) -> None:
    row = published[case.code, f"2022-{int(case.row['月']):02}"]
    assert row["status_label"] == case.row["状态"]
    assert row["light"] == pages.LIGHTS[case.row["灯"]]
    _agrees(row["completion_ratio"], case.row["完成率"], percent)
    _agrees(row["gap_pp"], case.row["差距（百分点）"], points)


def _agrees(found: object, drawn: str, shown: object) -> None:
    """The sum on the left is the value, and what is shown of it stands on the right."""
    if drawn == NOTHING:
        assert found is None
        return
    left, right = drawn.split(" = ")
    assert isinstance(found, float) and callable(shown)
    assert found == pytest.approx(float(exact(left)), rel=1e-12, abs=1e-12)
    assert shown(found) == right


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.where)
def test_a_drawn_row_is_what_the_reference_says(case: Case) -> None:
    month = int(case.row["月"])
    reports = {month: values(case.row["报送"])} if case.row["报送"] != NOTHING else {}
    found = judged_by_reference(promise("X", case.given), thresholds(case.given), month, reports)
    drawn = {name: case.row[column] for name, column in (("completion", "完成率"), ("gap", "差距（百分点）"))}
    assert found.label == case.row["状态"]
    for name, text in drawn.items():
        assert getattr(found, name) == (None if text == NOTHING else exact(text.split(" = ")[0]))


def test_the_page_draws_every_kind_comparator_and_status() -> None:
    assert {case.given["类型"] for case in CASES} == pages.KINDS.keys()
    assert {case.given["比较"] for case in CASES} == pages.COMPARATORS.keys()
    assert {case.row["状态"] for case in CASES} == set(STATUSES)


def test_the_thresholds_are_drawn_at_their_edges_and_beside_them() -> None:
    """At 5, 0 and -30 points exactly, and less than a millionth of the target below each."""
    gaps = {exact(text.split(" = ")[0]) for case in CASES if (text := case.row["差距（百分点）"]) != NOTHING}
    for edge in (5, 0, -30):
        assert edge in gaps
        assert any(0 < edge - gap < Decimal("0.000001") for gap in gaps)
