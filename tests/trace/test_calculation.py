"""What a trace says of the arithmetic is what the plain-Python reference comes to, for promises nobody thought of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from minsheng.trace import queries, words
from minsheng.trace.calculation import steps
from minsheng.trace.judgement import FigureJudgement, Yardstick
from minsheng.trace.model import Stamp, Trace
from minsheng.trace.rulings import SENTENCES
from minsheng.warehouse.connection import Connection, Row, open_warehouse, rows_of
from minsheng.words import display
from tests.spec.drawn import drawn
from tests.spec.examples import Example, examples, world
from tests.spec.judged import LABELS, Judged, judged_by_reference
from tests.spec.world import make

# Hypothesis draws other examples whenever the code has changed: so many reach every status, and as many formulas.
COUNT = 150
FORMULAS = 60
NOW = datetime(2023, 2, 1, tzinfo=UTC)
STAMP = Stamp("p", "", "000001", NOW, "", "", "", "", frozenset())


@dataclass(frozen=True)
class Told:
    """A month of an example: what the trace says by its steps, what the reference says, and by which rule."""

    example: Example
    month: int
    steps: dict[str, tuple[str, ...]]
    expected: Judged
    ruling_code: str | None


@pytest.fixture(scope="module", name="told")
def _told() -> list[Told]:
    found = drawn(examples(), COUNT)
    with open_warehouse(None) as connection:
        make(connection, [world(number, example) for number, example in enumerate(found)])
        return [one for number, example in enumerate(found) for one in months(connection, f"p{number}", example)]


def months(connection: Connection, plan_id: str, example: Example) -> Iterator[Told]:
    published = "select * from published.pub_indicator_completion_v1 where plan_id = ? order by period"
    for month, figure in enumerate(rows_of(connection, published, [plan_id]), start=1):
        trace = trace_of(connection, figure)
        lines = {line[0]: line[1:] for line in steps(trace)[1]}
        expected = judged_by_reference(example.promise, example.thresholds, month, example.reports)
        ruling_code = trace.judgement.ruling_code if trace.judgement else None
        yield Told(example, month, lines, expected, ruling_code)


def trace_of(connection: Connection, figure: Row) -> Trace:
    """A trace of which nothing is told but the arithmetic."""
    key = {name: figure[name] for name in ("plan_id", "period", "indicator_code", "revision_no")}
    (yardstick,) = queries.rows(connection, queries.YARDSTICK, key)
    judged = queries.rows(connection, queries.JUDGEMENT, key)
    return Trace(
        stamp=STAMP, figure=figure, duty=None, due_at=NOW, yardstick=Yardstick(**yardstick, targets=()),
        judgement=FigureJudgement(**judged[0]) if judged else None,
        values={}, member_values=(), members=(), opening=None, source=None,
        original=None, files=(), cells=(), faults=(), rule_results=(), current_rules_version="", waivers=(),
        versions=(),
    )  # fmt: skip


def test_each_exact_result_is_the_references(told: list[Told]) -> None:
    assert {one.expected.status for one in told} == LABELS.keys()
    for one in told:
        completion, gap = one.expected.completion, one.expected.gap
        assert ("完成率" in one.steps) == (completion is not None), one
        if completion is not None:
            assert one.steps["完成率"][1] == words.fraction(completion), one
            assert one.steps["差距"][1] == (display.NOTHING if gap is None else words.points(gap)), one
            assert one.steps["序时进度"][1] == words.fraction(Fraction(one.month, 12)), one
        assert ("状态" in one.steps) == (one.ruling_code is not None), one
        if one.ruling_code is not None:
            assert one.steps["状态"][1] == LABELS[one.expected.status], one


def test_each_completion_formula_comes_to_what_stands_beside_it(told: list[Told]) -> None:
    formulas = {one.steps["完成率"][0]: one.expected.completion for one in told if "完成率" in one.steps}
    assert len(formulas) > FORMULAS
    for formula, completion in formulas.items():
        if formula == "已降为 0，按完成计":
            assert completion == 1
        else:
            assert value(formula) == completion, formula


def test_a_target_is_said_to_be_met_where_its_status_says_so(told: list[Told]) -> None:
    answers = {(one.steps["是否达到目标"][1], one.ruling_code) for one in told if "是否达到目标" in one.steps}
    assert {code for answer, code in answers if answer == "成立"} == {"MET", "MET_SO_FAR"}
    assert not {code for answer, code in answers if answer == "不成立"} & {"MET", "MET_SO_FAR"}


def test_every_ruling_on_something_reported_has_its_sentence() -> None:
    with open_warehouse(None) as connection:
        make(connection, [])
        declared = connection.execute("select ruling_code from star.dim_ruling").fetchall()
    assert SENTENCES.keys() == {code for (code,) in declared} - {
        "NOT_REPORTED",
        "UNREPORTED_AT_DEADLINE",
        "MET_EARLIER",
    }


def value(formula: str) -> Fraction:
    """What a formula of ÷, numbers and percentages comes to, exactly."""
    first, *others = (term(text) for text in re.split(r" ÷ (?![^（]*）)", formula))
    for divisor in others:
        first /= divisor
    return first


def term(text: str) -> Fraction:
    if text.startswith("（"):
        return value(text.strip("（）"))
    number = Fraction(text.rstrip("%").replace(",", ""))
    return number / 100 if text.endswith("%") else number
