"""docs/bi.md: its queries run, on both databases, and what it names exists."""

import re
from collections.abc import Callable
from typing import Any

import duckdb
import psycopg2
import pytest
import sqlalchemy as sa

from minsheng.core.declarations import ROOT
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import open_warehouse
from tests.bi.conftest import Publisher

PAGE = (ROOT / "docs" / "bi.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"^(\S[^\n]*)：\n\n```sql\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL)
NOT_REPORTED = "update published.pub_submission_status_v1 set submission_status = 'missing'"
JUNE = "update published.{table} set period = '2022-06'"
JUNE_OPENED = """
    insert into published.dim_period
    select * replace ('2022-06' as period)
    from published.dim_period
    where period = '2022-01'
"""
LIGHTS = "update published.pub_indicator_completion_v1 set light = 'red', gap_pp = -20, numerator = 1, denominator = 4"
HISTORY = """
    insert into marts.indicator_history by name
    select
        'lushan-2022' as plan_id, '2022-06' as period, 'M01-01' as indicator_code, revision_no, actual_value,
        cast(known_from as timestamptz) as known_from, cast(known_to as timestamptz) as known_to, reason
    from (
        values
        (1, 100, '2022-07-05 17:30:00+08', '2022-07-20 09:00:00+08', null),
        (2, 120, '2022-07-20 09:00:00+08', null, '漏报一批')
    ) as version (revision_no, actual_value, known_from, known_to, reason)
"""


@pytest.fixture
def june(publisher: Publisher) -> Publisher:
    """June, in which nobody reported, every light is red, and one figure was corrected on the 20th of July."""
    with open_warehouse(publisher.run.home.warehouse) as connection:
        for statement in (JUNE_OPENED, NOT_REPORTED, LIGHTS, HISTORY):
            connection.execute(statement)
        for table in ("indicator_completion", "submission_status", "unit_reporting", "unit_scorecard"):
            connection.execute(JUNE.format(table=f"pub_{table}_v1"))
    publisher.publish(1)
    return publisher


def check_answers(ask: Callable[[str], list[tuple[Any, ...]]]) -> None:
    answers = {title: ask(query) for title, query in QUERIES}
    assert len(answers) == len(QUERIES) >= 6
    assert all(answers.values()), [title for title, rows in answers.items() if not rows]
    known = next(rows for title, rows in answers.items() if "7 月 15 日" in title)
    assert [row[:3] for row in known] == [("M01-01", 1, 100.0)]
    (shown,) = next(rows for title, rows in answers.items() if title.startswith("9 月 1 日"))
    assert re.fullmatch(r"00000[12]-\w{12}", shown[3]) and shown[:2] == ("published", None)
    changed = next(rows for title, rows in answers.items() if title.startswith("更正过"))
    assert [(before, after, reason) for _, _, before, after, _, reason in changed] == [(100.0, 120.0, "漏报一批")]


def test_the_queries_run_in_duckdb(june: Publisher) -> None:
    with duckdb.connect(june.current / "marts.duckdb", read_only=True) as connection:
        check_answers(lambda query: connection.execute(query).fetchall())


@pytest.mark.slow
def test_the_queries_run_in_postgresql(june: Publisher, bi_url: str) -> None:
    june.to(bi_url).publish(2)
    address = sa.make_url(bi_url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg2.connect(address)
    with connection.cursor() as cursor:
        cursor.execute("set search_path to minsheng")

        def ask(query: str) -> list[tuple[Any, ...]]:
            cursor.execute(query)
            return list(cursor.fetchall())

        check_answers(ask)
    connection.close()


def test_every_file_and_table_the_page_names_is_in_a_revision(june: Publisher) -> None:
    files = {path.name for path in june.current.iterdir()}
    listed = re.findall(r"^\| `([^`*]+)`", PAGE, re.MULTILINE)
    assert {name for name in listed if "." in name} <= files
    assert {name.split(" ")[0] for name in listed} >= {"marts.duckdb", "manifest.json", "schema.sql"}
    tables = set(re.findall(r"\bpub_\w+_v1", PAGE))
    assert tables <= {model.name for model in sqlfiles.models("published")}


def test_every_tool_is_marked_tried_or_not() -> None:
    section = PAGE.split("## 各工具的设置")[1].split("###")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ") and "是否已试" not in line]
    assert len(rows) >= 6
    assert all("已试" in row or "未试" in row for row in rows)
