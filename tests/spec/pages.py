"""The tables of a specification page, and the words they are written in."""

from __future__ import annotations

import ast
import operator
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from minsheng.core.declarations import ROOT
from minsheng.words.chinese import chinese
from tests.spec.world import THRESHOLDS, Promise, Target

NOTHING = "—"
KINDS = {word: code for code, word in chinese().kind.items()}
COMPARATORS = {word: code for code, word in chinese().comparator.items()}
BASES = {word: code for code, word in chinese().progress_basis.items()}
POLARITIES = {"": "higher_better"} | {word: str(code) for code, word in chinese().polarity.items()}
LIGHTS = {word: code for code, word in chinese().light.items()}
FLOORS = {"超前": "ahead_pp", "绿灯下限": "green_floor_pp", "红灯界限": "red_floor_pp", "比率黄灯": "rate_yellow_pp"}
_OPERATORS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip
_SIGNS = str.maketrans({"×": "*", "÷": "/", "−": "-"})

Row = dict[str, str]


@dataclass(frozen=True)
class Table:
    """A drawn table; ``line`` is where its head stands."""

    page: str
    line: int
    rows: tuple[Row, ...]

    @property
    def head(self) -> str:
        """The first column's name: it tells what kind of table this is."""
        return next(iter(self.rows[0]))


@dataclass(frozen=True)
class Case:
    """A row of a table under the promise drawn above it."""

    table: Table
    number: int
    given: Row
    row: Row

    @property
    def where(self) -> str:
        """Page and line of the row."""
        return f"{self.table.page}:{self.table.line + 2 + self.number}"

    @property
    def code(self) -> str:
        """A code for the indicator this row is judged as."""
        return f"L{self.table.line + 2 + self.number}"


def tables(page: str) -> Iterator[Table]:
    """The tables of ``docs/spec/<page>.md`` in order."""
    lines = (ROOT / "docs" / "spec" / f"{page}.md").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        if line.startswith("|---"):
            columns = _cells(lines[number - 2])
            rows = []
            for text in lines[number:]:
                if not text.startswith("|"):
                    break
                rows.append(dict(zip(columns, _cells(text), strict=True)))
            yield Table(page, number - 1, tuple(rows))


def by_table(drawn: Iterable[Case]) -> dict[int, list[Case]]:
    """Cases by the line of their table."""
    groups = defaultdict(list)
    for case in drawn:
        groups[case.table.line].append(case)
    return groups


def cases(page: str, head: str) -> Iterator[Case]:
    """The rows of the tables that begin with the column ``head``, each with the promise drawn last above it."""
    given: Row = {}
    for table in tables(page):
        if table.head == "类型":
            (given,) = table.rows
        if table.head == head:
            yield from (Case(table, index, given, row) for index, row in enumerate(table.rows))


def promise(code: str, given: Row) -> Promise:
    """The indicator a table of facts describes."""
    return Promise(
        code=code,
        kind=KINDS[given["类型"]],
        comparator=COMPARATORS[given["比较"]],
        progress_basis=BASES[given["判定方式"]],
        polarity=POLARITIES[given.get("方向", "")],
        is_percent=given["类型"] in ("比率", "覆盖"),
        targets=_targets(given),
        base_value=number(given.get("上年末基数", NOTHING)),
        last_year={int(month): Decimal(value) for month, value in _pairs(given.get("上年同期", ""), r"(\d+) 月 (\S+)")},
        nodes=tuple(
            (date.fromisoformat(day), Decimal(value)) for day, value in _pairs(given.get("节点", ""), r"(\S+) 达 (\S+)")
        ),
        is_register_missing=given.get("名录") == "未知",
        may_fall=given.get("下降") == "可以",
        members=tuple(given["名录"].split("、")) if "每处目标" in given else None,
        member_target=number(given.get("每处目标", NOTHING)),
        deadline=date.fromisoformat(given.get("期限", "2022-12-31")),
    )


def thresholds(given: Row) -> Mapping[str, Decimal]:
    """The plan's thresholds; those not drawn are the usual ones."""
    drawn = _pairs(given.get("阈值", ""), r"(\S+) (\S+)")
    return THRESHOLDS | {FLOORS[word]: Decimal(value) for word, value in drawn}


def values(text: str) -> dict[str, Decimal | None]:
    """What was reported: ``600``, ``38/40`` as numerator and denominator, or ``甲 1；乙 2`` by member."""
    if " " in text:
        return {member: Decimal(value) for member, value in _pairs(text, r"(\S+) (\S+)")}
    if "/" in text:
        above, below = text.split("/")
        return {"numerator": number(above), "denominator": number(below)}
    return {"cumulative": number(text)}


def number(text: str) -> Decimal | None:
    """A plain number or percentage; ``—`` is none."""
    if text == NOTHING:
        return None
    return Decimal(text.removesuffix("%")) / 100 if text.endswith("%") else Decimal(text)


def exact(text: str) -> Fraction:
    """What a drawn sum comes to: digits, + − × ÷ and brackets only."""
    return _value(ast.parse(text.strip().translate(_SIGNS), mode="eval").body, text)


def _value(node: ast.expr, text: str) -> Fraction:
    if isinstance(node, ast.BinOp):
        return _OPERATORS[type(node.op)](_value(node.left, text), _value(node.right, text))
    if isinstance(node, ast.UnaryOp):
        return -_value(node.operand, text)
    return Fraction(ast.get_source_segment(text.strip().translate(_SIGNS), node) or "")


def _targets(given: Row) -> tuple[Target, ...]:
    first = Target(number(given["目标"]))
    changes = _pairs(given.get("调整", ""), r"(\d{4}-\d{2}) 起 (\S+)，(\S+)")
    return (first, *(Target(number(value), since, document) for since, value, document in changes))


def _pairs(text: str, pattern: str) -> list[tuple[str, ...]]:
    """What is drawn between semicolons; nothing drawn may be passed over."""
    parts = [part.strip() for part in text.split("；") if part.strip(f" {NOTHING}")]
    matches = [re.fullmatch(pattern, part) for part in parts]
    assert all(matches), f"{text!r} is not drawn like {pattern}"
    return [match.groups() for match in matches if match]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
