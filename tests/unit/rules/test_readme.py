"""The examples in expectations/README.md are rules and waivers that work."""

import re
from typing import Any

import yaml
from pydantic import TypeAdapter

from minsheng.core.declarations import ROOT, RULES
from minsheng.plan.models import Waiver
from minsheng.validation.expectations import evaluate
from minsheng.validation.facts import facts_frame
from minsheng.validation.rules import Rule, load_rules

PAGE = (ROOT / "expectations" / "README.md").read_text(encoding="utf-8")
AS_IT_STANDS, NEW, WAIVER = (yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))


def one(entries: list[Any]) -> Rule:
    (entry,) = entries
    return Rule.model_validate(entry)


def test_the_rule_explained_is_the_rule_in_force() -> None:
    assert one(AS_IT_STANDS) == load_rules(RULES).rule("H04")


def test_the_new_rule_passes_and_fires_where_it_says_and_alone() -> None:
    rule, rules = one(NEW), load_rules(RULES).rules
    assert rule.code not in {other.code for other in rules}
    facts = facts_frame([rule.proof(rule.passes), rule.proof(rule.fires)])
    assert {judged.rule.code: judged.fired for judged in evaluate(facts, [*rules, rule]) if judged.fired} == {
        rule.code: (1,)
    }


def test_the_waiver_is_of_the_new_rule() -> None:
    (waiver,) = TypeAdapter(tuple[Waiver, ...]).validate_python(WAIVER)
    assert waiver.rule == one(NEW).code
    assert one(NEW).waivable


def test_every_rule_file_is_named() -> None:
    assert [file.name for file in sorted(RULES.glob("*.yaml")) if f"`{file.name}`" not in PAGE] == []
