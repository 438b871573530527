"""No text a unit may write keeps a regular expression busy: each takes time in proportion to the text."""

import ast
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from minsheng.core.declarations import ROOT
from tests.worst_inputs import EVERY_METHOD, LENGTH, MOST_SECONDS, Expression, give_up, worst

APPLIED = {"search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer", "template"}


def judged(pattern: str, *methods: str) -> float:
    """Seconds over its worst input."""
    former = signal.signal(signal.SIGPROF, give_up)
    try:
        return worst(Expression("", re.compile(pattern), frozenset(methods) or EVERY_METHOD)).seconds
    finally:
        signal.signal(signal.SIGPROF, former)


@pytest.mark.slow
@pytest.mark.parametrize(
    "pattern",
    [
        r"(?:a+)+b",
        r"(?:a|a)*b",
        r"\[\$[^\]-]*[^\]]*\]",
        r"\s*;",
        r"<.*>",
        r"[a-z]+@[a-z]+",
        r"(?=.*x)(?=.*y)[a-z]",
        r"(\d+,?)+%",
        r"x.*y.*z",
        r"(?:一|一二|二)+三",
    ],
)
def test_the_worst_inputs_find_an_expression_that_is_not_linear(pattern: str) -> None:
    assert judged(pattern) > MOST_SECONDS


@pytest.mark.slow
@pytest.mark.parametrize(
    "pattern", [r"<[^<>]*>", r"(?<![a-z])[a-z]++@[a-z]++", r"(?<!\s)\s*+;", r"(?:\d\D{0,12}){10}\d"]
)
def test_and_leave_one_alone_that_is(pattern: str) -> None:
    assert judged(pattern) < MOST_SECONDS


@pytest.mark.slow
def test_every_expression_is_linear_in_the_ways_it_is_applied() -> None:
    done = subprocess.run(
        (sys.executable, "-m", "tests.worst_inputs"), capture_output=True, text=True, check=True, cwd=ROOT
    )
    measured = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(measured) > 80
    slow = [(module, pattern, shape) for module, pattern, _, shape, seconds in measured if seconds > MOST_SECONDS]
    assert slow == [], f"takes more than {MOST_SECONDS} s over {LENGTH} characters"


def test_every_expression_is_compiled_where_the_worst_inputs_find_it() -> None:
    """In a module, or in a cached function without parameters; none is given to ``re`` in passing."""
    hidden = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "etl").rglob("*.py"))
        for line in uses(path.read_text(encoding="utf-8"))
    ]
    assert hidden == []


def test_an_expression_in_passing_is_found() -> None:
    lazy = "@cache\ndef f():\n    return re.compile('a')\n"
    assert list(uses(lazy)) == [] and list(uses("A = [re.compile('a') for a in 'ab']")) == []
    assert list(uses(lazy.replace("f()", "f(a)"))) == list(uses(lazy.replace("compile", "search"))) == [3]
    assert list(uses("re.sub('a', 'b', c)")) == list(uses("def f(): re.compile('a')")) == [1]


def uses(source: str) -> Iterator[int]:
    """The lines on which ``re`` is given an expression in passing."""
    yield from _uses(ast.parse(source), may_compile=True)


def _uses(tree: ast.AST, *, may_compile: bool) -> Iterator[int]:
    for node in ast.iter_child_nodes(tree):
        if _is_passing(node, may_compile=may_compile):
            yield node.lineno  # type: ignore[attr-defined]
        is_function = isinstance(node, ast.FunctionDef | ast.Lambda)
        yield from _uses(node, may_compile=_is_lazy(node) if is_function else may_compile)


def _is_passing(node: ast.AST, *, may_compile: bool) -> bool:
    if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "re"):
        return False
    return node.attr in APPLIED or (node.attr == "compile" and not may_compile)


def _is_lazy(node: ast.AST) -> bool:
    is_cached = isinstance(node, ast.FunctionDef) and any(ast.unparse(one) == "cache" for one in node.decorator_list)
    return is_cached and not ast.unparse(node.args)  # type: ignore[attr-defined]
