"""The one door to Great Expectations: rules in, fired and unjudged facts out (docs/adr/0003).

Importing it costs seconds, so it is imported inside the functions that need it, and nowhere else.

A rule sees only the facts it applies to: it is given its own copy of each column it looks at,
empty elsewhere. (Great Expectations' own row conditions would do the same a hundred times slower,
and two expectations on one column under one condition overwrite each other in its suites.)
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from minsheng.core.errors import UserError
from minsheng.validation.lean import leanly
from minsheng.validation.rules import Rule, Scalar
from minsheng.validation.screening import can_fire

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from great_expectations.core import ExpectationSuite, ExpectationValidationResult
    from great_expectations.core.batch_definition import BatchDefinition
    from great_expectations.expectations.expectation import Expectation

    # For each fact, whether something holds.
    Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]

_INDEX = "fact_id"


@dataclass(frozen=True)
class Judgement:
    """What became of one rule: the ids of facts it applies to, that break it, and that it could not be held against."""

    rule: Rule
    applied: tuple[int, ...] = ()
    fired: tuple[int, ...] = ()
    unjudged: tuple[int, ...] = ()


def prepare() -> None:
    """Import what judging needs, which takes seconds, before there is anything to judge."""
    with quiet():
        _whole_round()


def evaluate(facts: pd.DataFrame, rules: Sequence[Rule], *, screened: bool = True) -> list[Judgement]:
    """Hold all facts against all rules in one batch; a rule that applies to none of them is left out.

    Great Expectations judges the rules that can fire at all, which is soon said of one that cannot; all of them where
    the facts are not ``screened`` before. A rule whose columns are null for a fact does not pass there: the fact is
    reported as unjudged. Raises UserError for a rule Great Expectations does not understand.
    """
    conditions = _Conditions(facts)
    applies = {rule.code: mask for rule in rules if (mask := conditions.hold_for(rule)).any()}
    applied = [rule for rule in rules if rule.code in applies]
    judged = {rule.code: applies[rule.code] & conditions.are_known(rule.expect.columns) for rule in applied}
    asked = [rule for rule in applied if not screened or _can_fire(facts, rule, judged[rule.code])]
    results: dict[str, ExpectationValidationResult] = {}
    if asked:
        with quiet():
            results = _validate(_subjects(facts, asked, applies), asked)
    ids = facts.index.to_numpy()
    return [
        Judgement(
            rule,
            tuple(ids[applies[rule.code]].tolist()),
            _fired(results[rule.code]) if rule.code in results else (),
            tuple(ids[applies[rule.code] & ~judged[rule.code]].tolist()),
        )
        for rule in applied
    ]


def _can_fire(facts: pd.DataFrame, rule: Rule, judged: Mask) -> bool:
    return can_fire(rule.expect, {name: facts[name][judged] for name in rule.expect.columns})


class _Conditions:
    """To which facts a rule applies, of one round; what several rules ask is looked up once."""

    def __init__(self, facts: pd.DataFrame) -> None:
        self._facts = facts
        self._known: dict[str, Mask] = {}
        self._held: dict[tuple[object, ...], Mask] = {}

    def hold_for(self, rule: Rule) -> Mask:
        """The facts of its scope for which all its conditions hold, in a month in which it is in force."""
        holds = self._is("scope", rule.scope) & self._is_in_force(rule) & self.are_known(rule.known)
        for name, value in rule.when.items():
            holds &= self._is(name, value)
        for name, value in rule.unless.items():
            holds &= ~self._is(name, value)
        for name in rule.missing:
            holds &= ~self._is_known(name)
        return holds

    def are_known(self, names: Sequence[str]) -> Mask:
        """The facts in which none of these columns is null."""
        known = self._is_known("scope")  # all of them
        for name in names:
            known = known & self._is_known(name)
        return known

    def _is(self, name: str, value: Scalar | list[Scalar]) -> Mask:
        values = tuple(value) if isinstance(value, list) else (value,)
        key = (name, *((type(one), one) for one in values))  # for 1 is True
        if key not in self._held:
            self._held[key] = self._facts[name].isin(values).to_numpy()
        return self._held[key]

    def _is_known(self, name: str) -> Mask:
        if name not in self._known:
            self._known[name] = self._facts[name].notna().to_numpy()
        return self._known[name]

    def _is_in_force(self, rule: Rule) -> Mask:
        key = (rule.valid_from or "", rule.valid_to or "9999-12")
        if key not in self._held:
            self._held[key] = self._facts["rules_period"].between(*key).to_numpy()
        return self._held[key]


def _fired(result: ExpectationValidationResult) -> tuple[int, ...]:
    return tuple(sorted(int(entry[_INDEX]) for entry in result.result["unexpected_index_list"] or ()))


def _subjects(facts: pd.DataFrame, rules: Sequence[Rule], applies: Mapping[str, Mask]) -> pd.DataFrame:
    """What Great Expectations sees: the columns of each rule, null where the rule does not apply."""
    import pandas as pd

    columns = {
        _subject(rule, name): facts[name].where(applies[rule.code]) for rule in rules for name in rule.expect.columns
    }
    return pd.DataFrame({_INDEX: facts.index} | columns, index=facts.index)


def _subject(rule: Rule, column: str) -> str:
    return f"{rule.code}.{column}"


def _validate(subjects: pd.DataFrame, rules: Sequence[Rule]) -> dict[str, ExpectationValidationResult]:
    """Result of each rule by its code."""
    report = (
        _whole_round()
        .get_batch({"dataframe": subjects})
        .validate(
            _suite(rules),
            result_format={"result_format": "COMPLETE", "unexpected_index_column_names": [_INDEX]},
        )
    )
    return {_code(result): result for result in report.results}


@cache
def _whole_round() -> BatchDefinition[None]:
    """One context for the life of the process: in memory, silent, without a documentation site of its own."""
    with leanly():
        import great_expectations as gx
        from great_expectations.data_context.types.base import (
            DataContextConfig,
            InMemoryStoreBackendDefaults,
            ProgressBarsConfig,
        )

    context = gx.get_context(
        project_config=DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            progress_bars=ProgressBarsConfig(globally=False),
            analytics_enabled=False,
        )
    )
    asset = context.data_sources.add_pandas("facts").add_dataframe_asset("round")
    return asset.add_batch_definition_whole_dataframe("all")


def _suite(rules: Sequence[Rule]) -> ExpectationSuite:
    import great_expectations as gx

    return gx.ExpectationSuite(name="rules", expectations=[_expectation(rule) for rule in rules])


def _expectation(rule: Rule) -> Expectation:
    from great_expectations.exceptions.exceptions import GreatExpectationsError
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    given = rule.expect.arguments
    arguments = given | {role: _subject(rule, given[role]) for role in rule.expect.roles}
    configuration = ExpectationConfiguration(type=rule.expect.type, kwargs=arguments, meta={"code": rule.code})
    try:
        return configuration.to_domain_obj()
    except (GreatExpectationsError, ValueError, TypeError) as error:
        reason = " ".join(str(error).split())
        where = f"规则 {rule.code}：expect"
        raise UserError("expectation_unknown", where, type=rule.expect.type, reason=reason) from error


def _code(result: ExpectationValidationResult) -> str:
    """The rule a result answers; raises UserError when it raised instead: that is never a pass."""
    configuration = result.expectation_config
    code = str(configuration.meta["code"]) if configuration and configuration.meta else ""
    if "unexpected_index_list" not in result.result:
        raise UserError("expectation_not_judged", f"规则 {code}", reason=result.exception_info)
    return code


@contextmanager
def quiet() -> Iterator[None]:
    """No deprecation notes about its own insides on our terminal."""
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
