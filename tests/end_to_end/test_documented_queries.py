"""Every query that a document shows, on the example county: it answers what the plain reference computes."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from examples.scenario import load_scenario
from minsheng.core.declarations import ROOT
from minsheng.core.home import Home
from minsheng.plan.models import Plan
from tests.end_to_end.conftest import query
from tests.end_to_end.truth import Truth

_SQL = re.compile(r"^(?:(\S[^\n]*)：\n\n)?```sql\n(.*?)^```", re.MULTILINE | re.DOTALL)
# Title of each query to what it must answer, and how many of its columns the answer names.
ANSWERS: dict[str, Callable[[Truth], Sequence[tuple[Any, ...]]]] = {
    "6 月各项目亮灯情况": lambda truth: truth.lights("2022-06"),
    "滞后的指标，差得最多的在前": lambda truth: truth.behind("2022-06"),
    "到 7 月 15 日为止，我们所知道的 6 月数值（此后的更正不算）": lambda truth: truth.known("2022-06"),
    # the one published last: nobody has gone back in the example, and nothing has come since
    "9 月 1 日 9 时读者看到的是哪个版本": lambda _: [("published", None)],
    "更正过的数值，改前与改后": lambda truth: truth.corrected(),
    "应报而未报的单位": lambda truth: truth.silent(),
    "各单位年内按时、迟报、漏报和其中补报的月数（数到 6 月）": lambda truth: truth.punctuality(),
    "各项比率到 6 月为止是多少": lambda truth: truth.ratios("2022-06"),
}
# The order of these is part of the answer.
ORDERED = {"滞后的指标，差得最多的在前"}
# Values that stand for the months before as well, and values that are quotients already.
_TO_DATE = re.compile(r"numerator|denominator|actual_value|actual_numerator|actual_denominator")
_QUOTIENT = re.compile(r"\w+_(ratio|pp)|target_value")


def documented() -> Iterator[tuple[str, str]]:
    """Every query in a document, by the line above it; a piece of SQL that selects nothing asks nothing."""
    for page in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "plans").rglob("*.md")]):
        found = _SQL.findall(page.read_text(encoding="utf-8"))
        yield from ((title, sql) for title, sql in found if "select" in sql.lower())


QUERIES = dict(documented())


@pytest.fixture(scope="session")
def truth(plan: Plan, expected: list[dict[str, str]]) -> Truth:
    return Truth(plan, load_scenario(ROOT / "examples" / "scenario.yaml"), tuple(expected))


def test_every_documented_query_has_its_answer_here() -> None:
    assert len(QUERIES) == len([*documented()])
    assert set(QUERIES) == set(ANSWERS)


@pytest.mark.slow
@pytest.mark.parametrize("title", ANSWERS)
def test_a_documented_query_answers_what_the_reference_computes(title: str, county: Home, truth: Truth) -> None:
    answer = query(county, QUERIES[title])
    expected = ANSWERS[title](truth)
    assert expected
    found = [comparable(row, len(expected[0])) for row in answer]
    wanted = [comparable(row, len(expected[0])) for row in expected]
    assert found == wanted if title in ORDERED else sorted(found, key=str) == sorted(wanted, key=str)


def comparable(row: Sequence[Any], width: int) -> tuple[Any, ...]:
    return tuple(round(value, 9) if isinstance(value, float) else value for value in row[:width])


@pytest.mark.parametrize("title", QUERIES)
def test_no_documented_query_adds_what_must_not_be_added(title: str) -> None:
    assert wrong_sums(QUERIES[title]) == []


@pytest.mark.parametrize(
    ("sql", "wrong"),
    [
        ("select sum(numerator) / sum(denominator) from t where kind = 'ratio'", ["numerator", "denominator"]),
        ("select item_code, sum(actual_value) from t group by item_code", ["actual_value"]),
        ("select avg(completion_ratio) from t where period = '2022-06'", ["completion_ratio"]),
        ("select sum(gap_pp) over (partition by item_code) from t group by period", ["gap_pp"]),
        ("select sum(numerator) from t where period > '2022-01'", ["numerator"]),
        ("select sum(numerator) from t where period = '2022-06'", []),
        ("select period, sum(numerator) from t group by period", []),
        ("select count(*) from t", []),
    ],
)
def test_what_must_not_be_added_is_seen(sql: str, wrong: list[str]) -> None:
    assert wrong_sums(sql) == wrong


def wrong_sums(sql: str) -> list[str]:
    """Columns that a query sums or averages though they are quotients, or stand for all months up to theirs."""
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    sums = (node for node in tree.find_all(exp.Sum, exp.Avg))
    added = [column.name for each in sums for column in each.find_all(exp.Column)]
    return [name for name in added if _QUOTIENT.fullmatch(name) or (_TO_DATE.fullmatch(name) and not one_month(tree))]


def one_month(tree: exp.Expr) -> bool:
    """Whether every group of the query lies in one month."""
    grouped = {each.name for group in tree.find_all(exp.Group) for each in group.expressions}
    fixed = {each.left.name for where in tree.find_all(exp.Where) for each in where.find_all(exp.EQ)}
    return "period" in grouped | fixed
