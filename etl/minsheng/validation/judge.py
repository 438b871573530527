"""Judging files: all submissions of a round in one batch, and single files before they are sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from minsheng.core.codes import Severity, Verdict
from minsheng.core.declarations import RULES
from minsheng.landing import Receipt
from minsheng.validation.causes import with_causes
from minsheng.validation.expectations import Judgement, evaluate
from minsheng.validation.facts import read_facts
from minsheng.validation.finding import Finding
from minsheng.validation.findings import findings, read_places
from minsheng.validation.rules import RuleBook, load_rules
from minsheng.validation.switches import without_switched_off
from minsheng.validation.waivers import read_waivers
from minsheng.warehouse.connection import Connection

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class RuleResult:
    """How one rule fared with one submission: how many facts it applied to, how many broke it or could not be judged.

    It is passed only when nothing fired and everything could be judged.
    """

    rule_code: str
    applied_count: int
    fired_count: int
    unjudged_count: int


@dataclass(frozen=True)
class Judged:
    """What validation decided about one submission; ``rule_results``: every rule that applied to it."""

    submission_id: str
    findings: tuple[Finding, ...]
    rule_results: tuple[RuleResult, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """``accepted`` unless something must be put right."""
        return "rejected" if self.count("reject") else "accepted"

    @property
    def unjudged(self) -> Mapping[str, int]:
        """How often each rule could not be held against it; rules that always could are left out."""
        return {result.rule_code: result.unjudged_count for result in self.rule_results if result.unjudged_count}

    def count(self, severity: Severity) -> int:
        """How many findings of this severity."""
        return sum(finding.severity == severity for finding in self.findings)


def judge(connection: Connection, submission_ids: Sequence[str], book: RuleBook | None = None) -> list[Judged]:
    """Hold stored submissions against all rules (of ``book``, else the repository's): one batch, in the order given."""
    return judge_facts(connection, read_facts(connection, submission_ids), submission_ids, book or load_rules(RULES))


def judge_facts(
    connection: Connection, facts: pd.DataFrame, submission_ids: Sequence[str], book: RuleBook
) -> list[Judged]:
    """The same for facts already read, perhaps at different moments of the history."""
    judged = evaluate(facts, book.rules)
    judgements = without_switched_off(connection, judged, facts["submission_id"].tolist())
    places, waivers = read_places(connection, list(submission_ids)), read_waivers(connection, submission_ids)
    found = findings(facts, judgements, places, waivers)
    results = _rule_results(facts, judgements)
    return [Judged(key, tuple(with_causes(found.get(key, ()))), tuple(results.get(key, ()))) for key in submission_ids]


def _rule_results(facts: pd.DataFrame, judgements: Iterable[Judgement]) -> dict[str, list[RuleResult]]:
    """By submission, rules in the order of their codes."""
    owners: list[str] = facts["submission_id"].tolist()
    results: dict[str, list[RuleResult]] = {}
    for judgement in judgements:
        applied, fired, unjudged = (
            Counter(owners[fact_id] for fact_id in fact_ids)
            for fact_ids in (judgement.applied, judgement.fired, judgement.unjudged)
        )
        for owner, count in applied.items():
            result = RuleResult(judgement.rule.code, count, fired[owner], unjudged[owner])
            results.setdefault(owner, []).append(result)
    return results


def is_in_force(connection: Connection, receipt: Receipt, period: str | None) -> bool:
    """Whether these bytes are what was last accepted from the unit for the month, under whatever name.

    A rejected file sent again is judged again: what it was held against may have changed.
    """
    query = """
        select sha256
        from staging.stg_version
        where plan_id = ? and unit_code = ? and period = ? and is_current
    """
    key = [receipt.plan_id, receipt.unit_code, period]
    return connection.execute(query, key).fetchone() == (receipt.sha256,)
