"""Every rule is shown to fire on its own proof row and to pass on the other, by Great Expectations itself."""

from functools import cache

from minsheng.core.declarations import RULES
from minsheng.validation.expectations import Judgement, evaluate
from minsheng.validation.facts import facts_frame
from minsheng.validation.rules import load_rules

RULES_BY_CODE = {rule.code: rule for rule in load_rules(RULES).rules}


@cache
def judgements() -> dict[str, Judgement]:
    """All proof rows in one frame: fact 2n is what rule n passes, 2n + 1 what it fires on."""
    proofs = [rule.proof(row) for rule in RULES_BY_CODE.values() for row in (rule.passes, rule.fires)]
    return {one.rule.code: one for one in evaluate(facts_frame(proofs), list(RULES_BY_CODE.values()))}


def test_every_rule_passes_and_fires_where_it_says() -> None:
    answers = judgements()
    for number, code in enumerate(RULES_BY_CODE):
        assert 2 * number not in answers[code].fired, f"{code} fires on the row it should pass"
        assert 2 * number not in answers[code].unjudged, f"{code} cannot judge the row it should pass"
        assert 2 * number + 1 in answers[code].fired, f"{code} does not fire"


def test_a_proof_row_fires_no_other_rule() -> None:
    answers = judgements()
    for number, code in enumerate(RULES_BY_CODE):
        others = {other for other, answer in answers.items() if 2 * number + 1 in answer.fired} - {code}
        assert not others, f"the row on which {code} fires also fires {others}"
