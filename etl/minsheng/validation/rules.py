"""The rules as data: what ``expectations/rules/*.yaml`` may say, read and checked."""

from __future__ import annotations

from collections import Counter
from functools import cache
from hashlib import sha256
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Self

import yaml
from pydantic import BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from minsheng.core.errors import UserError
from minsheng.plan.models import PeriodText, Strict
from minsheng.validation.facts import Fact, fact_columns
from minsheng.validation.wording import WORDS
from minsheng.words.codes import Scope, Severity

Plain = bool | int | float | str

# Where the finding stands: known for every fact once its cell is looked up.
PLACE = ("cell", "found")


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class Expect(Strict):
    """One Great Expectations expectation: its type, and its arguments as they stand."""

    model_config = ConfigDict(frozen=True, extra="allow")

    type: str = Field(pattern="^expect_[a-z_]+$")

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

    @model_validator(mode="after")
    def _asks_about_values(self) -> Self:
        if self.type.endswith("_be_null"):
            raise ValueError("null means `cannot be judged`; ask for a column that says is_… or has_… instead")
        return self


class Rule(Strict):
    """One rule. It applies to facts of its ``scope`` for which ``when``, ``unless``, ``known`` and ``missing`` hold.

    ``at`` is the field whose cell a finding points to (the first one the line has); none: the file or line as a whole.
    ``waivable``: a plan may excuse a unit from it, see ``waivers.yaml``.
    ``passes`` and ``fires`` are fact rows that prove it.
    """

    code: str = Field(pattern=r"^[A-Z]\d\d$")
    title: str
    severity: Severity
    scope: Scope
    bad_inputs: tuple[int, ...] = ()
    when: dict[str, Plain | list[Plain]] = Field(default_factory=dict)
    unless: dict[str, Plain | list[Plain]] = Field(default_factory=dict)
    known: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    expect: Expect
    at: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    message: str
    remedy: str
    valid_from: PeriodText | None = None
    valid_to: PeriodText | None = None
    waivable: bool = False
    passes: dict[str, Any]
    fires: dict[str, Any]

    @model_validator(mode="after")
    def _uses_known_columns(self) -> Self:
        used = {*self.when, *self.unless, *self.known, *self.missing, *self.expect.columns, *self.passes, *self.fires}
        unknown = sorted(used - set(fact_columns(self.scope)))
        if unknown:
            raise ValueError(f"vld_{self.scope} has no column {', '.join(unknown)}")
        return self

    @model_validator(mode="after")
    def _can_be_waived(self) -> Self:
        if self.waivable and not (self.scope in ("row", "cell") and self.severity != "note"):
            raise ValueError("only what refuses or warns about a line or a cell can be waived")
        return self

    @model_validator(mode="after")
    def _fills_its_messages(self) -> Self:
        names = {name for text in (self.message, self.remedy) for _, name, _, _ in Formatter().parse(text) if name}
        unknown = sorted(names - {*fact_columns(self.scope), *PLACE, *WORDS})
        if unknown:
            raise ValueError(f"vld_{self.scope} has no column for the placeholder {', '.join(unknown)}")
        return self

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
    """Read every ``*.yaml`` in a folder; raises UserError naming file, rule, key and what was allowed."""
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise UserError(str(folder), "holds no rules", "rules are files *.yaml, see expectations/README.md")
    rules = [rule for file in files for rule in _read_file(file)]
    codes = Counter(rule.code for rule in rules)
    twice = sorted(code for code, count in codes.items() if count > 1)
    if twice:
        raise UserError(str(folder), f"rule code {', '.join(twice)} is used twice", "give each rule its own code")
    digest = sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
    return RuleBook(rules=tuple(sorted(rules, key=lambda rule: rule.code)), version=digest)


def _read_file(file: Path) -> list[Rule]:
    try:
        entries = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise UserError(str(file), f"not readable as YAML ({error})", "correct the place named above") from error
    if not isinstance(entries, list):
        raise UserError(str(file), "is not a list of rules", "begin each rule with `- code: …`")
    return [_read_rule(file, number, entry) for number, entry in enumerate(entries, start=1)]


def _read_rule(file: Path, number: int, entry: object) -> Rule:
    name = entry.get("code", number) if isinstance(entry, dict) else number
    try:
        return Rule.model_validate(entry)
    except ValidationError as error:
        fault = error.errors()[0]
        key = ".".join(str(part) for part in fault["loc"])
        where = f"{file}: rule {name}" + (f": {key}" if key else "")
        raise UserError(where, fault["msg"], "what a rule may say is in expectations/README.md") from error
