"""Two hundred questions as an analyst clicks them, of the whole example: every answer by a second reckoning."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from minsheng.core.home import Home
from minsheng.publication.metrics import metrics
from minsheng.warehouse.connection import Connection, Row, rows_of
from tests.end_to_end.questions import RECKONED, questions

COUNT, SEED = 200, 20220706
_EXCUSED = """
    select plan_id, period, indicator_code
    from pub_nil_report_v1
    where role = 'lead' and not counts_against and no_data_reason_code <> 'NIL'
"""


@pytest.fixture(scope="module")
def published(county: Home) -> Iterator[Connection]:
    with duckdb.connect(county.current.resolve() / "marts.duckdb", read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def rows(published: Connection) -> dict[str, list[Row]]:
    """The rows of the tables asked, each indicator with whether its month is due."""
    found = {table: rows_of(published, f"select * from {table}") for table in {one.table for one in metrics()}}
    due = set(published.execute("select plan_id, period from dim_period where is_due").fetchall())
    excused = set(published.execute(_EXCUSED).fetchall())
    for row in found["pub_indicator_completion_v1"]:
        is_excused = (row["plan_id"], row["period"], row["indicator_code"]) in excused
        row["is_due"] = (row["plan_id"], row["period"]) in due and not is_excused
    return found


def test_no_natural_click_gives_a_wrong_number(published: Connection, rows: dict[str, list[Row]]) -> None:
    asked = list(questions(rows, COUNT, SEED))
    assert {one.metric.name for one in asked} == set(RECKONED)
    for question in asked:
        answers = published.execute(question.sql, [value for _, value in question.where]).fetchall()
        found = {tuple(key): answer for *key, answer in answers}
        expected = question.reckoned(rows[question.metric.table])
        assert found.keys() == expected.keys(), question
        for key, answer in expected.items():
            told = None if answer is None else pytest.approx(float(answer), rel=1e-9, abs=1e-11)
            assert found[key] == told, (question, key)


def test_parts_add_up_to_the_whole(published: Connection) -> None:
    for metric in metrics():
        within = " where period = (select max(period) from dim_period)" if metric.one_period else ""
        whole = published.execute(f"select {metric.expression} from {metric.table}{within}").fetchone()
        for column in metric.sums_over:
            parts = f"select {metric.expression} as part from {metric.table}{within} group by {column}"
            assert published.execute(f"select sum(part) from ({parts})").fetchone() == whole, (metric.name, column)


def test_a_score_of_a_group_is_the_score_that_is_published(published: Connection) -> None:
    query = """
        select score.answer, item.score
        from (
            select plan_id, period, item_code, avg(scored_ratio) as answer
            from pub_indicator_completion_v1
            group by plan_id, period, item_code
        ) as score
        inner join pub_item_completion_v1 as item using (plan_id, period, item_code)
    """
    for answer, score in published.execute(query).fetchall():
        assert answer == (None if score is None else pytest.approx(score, abs=1e-9))
