"""The rules as data: what ``expectations/rules/*.yaml`` may say, read and checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from minsheng.core.codes import Scope, Severity
from minsheng.core.contracts import Flag, Part, Strict, Values, near, read_part, refuse, values_of, written
from minsheng.core.errors import UserError
from minsheng.plan.dated import PeriodText, RuleCode
from minsheng.validation.facts import Fact, fact_columns
from minsheng.validation.wording import WORDS

Scalar = bool | int | float | str

GUIDE = "expectations/README.md"
# Where the finding stands: known for every fact once its cell is looked up.
PLACE = ("cell", "found")


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _compared(value: object) -> object:
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(each, Scalar) for each in values):
        raise PydanticCustomError("written_otherwise", "", {"expected": "一个值，或值的列表"})
    return value


# What a column is compared with: one value, or a list of which it is one.
Compared = Annotated[Scalar | list[Scalar], BeforeValidator(_compared)]
Conditions = Annotated[dict[str, Compared], Values]
ProofRow = Annotated[dict[str, Any], Values]
ExpectationType = Annotated[
    str, written(re.compile("expect_[a-z_]+"), "期望的类型，如 expect_column_values_to_be_in_set")
]


class Expect(Strict):
    """One Great Expectations expectation: its type, and its arguments as they stand."""

    model_config = ConfigDict(frozen=True, extra="allow")

    type: ExpectationType

    @property
    def arguments(self) -> dict[str, Any]:
        """What the expectation is called with."""
        return dict(self.model_extra or {})

    @property
    def roles(self) -> tuple[str, ...]:
        """The arguments that name a column."""
        return tuple(name for name in ("column", "column_A", "column_B") if name in self.arguments)

    @property
    def columns(self) -> tuple[str, ...]:
        """The fact columns it looks at; null in one of them means: cannot be judged."""
        return tuple(self.arguments[role] for role in self.roles)

    @model_validator(mode="before")
    @classmethod
    def _tell_values_from_text(cls, data: Any) -> Any:
        return values_of(data)

    @model_validator(mode="after")
    def _asks_about_values(self) -> Self:
        if self.type.endswith("_be_null"):
            raise ValueError("空值表示无法判断，不能作为条件；请改问以 is_ 或 has_ 开头的列")
        return self


class Rule(Strict):
    """One rule. It applies to facts of its ``scope`` for which ``when``, ``unless``, ``known`` and ``missing`` hold.

    ``at`` is the field whose cell a finding points to (the first one the line has); none: the file or line as a whole.
    ``waivable``: a plan may excuse a unit from it, see ``waivers.yaml``.
    ``asks_why``: its warning is a doubt that wants the unit's explanation (docs/adr/0036); a refusal wants none.
    ``hides_rest``: of a file that breaks it nothing else can be judged; its remedy says so.
    ``explains``: the rules whose faults go with this one, on the same line, or in the whole file if it is of no line.
    ``announcement``: what the opening letters of its first month and the one before say of it; null: its title.
    ``passes`` and ``fires`` are fact rows that prove it.
    """

    code: RuleCode
    title: str
    severity: Severity
    scope: Scope
    bad_inputs: tuple[int, ...] = ()
    when: Conditions = Field(default_factory=dict)
    unless: Conditions = Field(default_factory=dict)
    known: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    expect: Expect
    at: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    message: str
    remedy: str
    valid_from: PeriodText | None = None
    valid_to: PeriodText | None = None
    announcement: str | None = None
    waivable: Flag = False
    asks_why: Flag = False
    hides_rest: Flag = False
    explains: tuple[RuleCode, ...] = ()
    passes: ProofRow
    fires: ProofRow

    @model_validator(mode="after")
    def _uses_known_columns(self) -> Self:
        used = {*self.when, *self.unless, *self.known, *self.missing, *self.expect.columns, *self.passes, *self.fires}
        self._refuse_unknown(used - set(fact_columns(self.scope)), "没有这一列")
        return self

    @model_validator(mode="after")
    def _can_be_waived(self) -> Self:
        if self.waivable and not (self.scope in ("row", "cell") and self.severity != "note"):
            raise ValueError("只有退回或提醒某一行、某一格的规则才能豁免")
        return self

    @model_validator(mode="after")
    def _can_be_explained(self) -> Self:
        if self.asks_why and self.scope != "row":
            raise ValueError("只有看一行的规则才能请单位说明")
        return self

    @model_validator(mode="after")
    def _fills_its_messages(self) -> Self:
        names = {name for text in (self.message, self.remedy) for _, name, _, _ in Formatter().parse(text) if name}
        self._refuse_unknown(names - {*fact_columns(self.scope), *PLACE, *WORDS}, "没有大括号里的这一列")
        return self

    def _refuse_unknown(self, names: set[str], problem: str) -> None:
        known = fact_columns(self.scope)
        told = [f"范围 {self.scope} {problem}：{name}。{near(name, known)}" for name in sorted(names)]
        if told:
            raise ValueError(" ".join(told))

    def proof(self, facts: dict[str, Any]) -> Fact:
        """A proof row as a fact; a month in which the rule is in force is filled in."""
        return {"scope": self.scope, "rules_period": self.valid_from or "2022-05"} | facts


class RuleBook(Strict):
    """All rules, in the order of their codes; ``version`` changes with any of them."""

    rules: tuple[Rule, ...]
    version: str

    def rule(self, code: str) -> Rule:
        """The rule with this code; raises KeyError."""
        return {rule.code: rule for rule in self.rules}[code]


@cache
def load_rules(folder: Path) -> RuleBook:
    """Read every ``*.yaml`` in a folder; raises one UserError that names every fault with file, line and key."""
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise UserError("rules_missing", folder, guide=GUIDE)
    parts = [read_part(folder, file.name, tuple[Rule, ...], GUIDE) for file in files]
    refuse(folder, [fault for part in parts for fault in part.faults])
    refuse(folder, [*_second_uses(parts), *_explained_nowhere(parts)])
    rules = sorted((rule for part in parts for rule in part.value), key=lambda rule: rule.code)
    digest = sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
    return RuleBook(rules=tuple(rules), version=digest)


def _explained_nowhere(parts: Iterable[Part[tuple[Rule, ...]]]) -> Iterator[UserError]:
    """A rule explains faults of rules there are."""
    known = {rule.code for part in parts for rule in part.value}
    for part in parts:
        for index, rule in enumerate(part.value):
            for code in rule.explains:
                if code not in known:
                    yield part.document.fault((index, "explains"), "rule_explained_unknown", code=code)


def _second_uses(parts: Iterable[Part[tuple[Rule, ...]]]) -> Iterator[UserError]:
    """A code names one rule, in whatever file."""
    seen: set[str] = set()
    for part in parts:
        for index, rule in enumerate(part.value):
            if rule.code in seen:
                yield part.document.fault((index, "code"), "rule_code_taken", code=rule.code)
            seen.add(rule.code)
