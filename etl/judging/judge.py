"""Judging files: all submissions of a round in one batch, and single files before they are sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from etl.judging.expectations import evaluate
from etl.judging.facts import read_facts
from etl.judging.findings import Finding, findings, read_places
from etl.judging.rules import load_rules
from etl.landing import Receipt
from etl.repository import RULES
from etl.warehouse.connection import Connection


@dataclass(frozen=True)
class Judged:
    """What validation decided about one submission. ``unjudged``: how often each rule could not be held against it."""

    submission_id: str
    findings: tuple[Finding, ...]
    unjudged: Mapping[str, int]

    @property
    def verdict(self) -> str:
        """``accepted`` unless something must be put right."""
        return "rejected" if self.count("reject") else "accepted"

    def count(self, severity: str) -> int:
        """How many findings of this severity."""
        return sum(finding.severity == severity for finding in self.findings)


def judge(connection: Connection, submission_ids: Sequence[str]) -> list[Judged]:
    """Hold stored submissions against all rules, in one batch and in the order given."""
    book = load_rules(RULES)
    facts = read_facts(connection, submission_ids)
    judgements = evaluate(facts, book.rules)
    found = findings(facts, judgements, read_places(connection, list(submission_ids)))
    owner = facts["submission_id"]
    unjudged: dict[str, Counter[str]] = {submission_id: Counter() for submission_id in submission_ids}
    for judgement in judgements:
        for fact_id in judgement.unjudged:
            unjudged[owner[fact_id]][judgement.rule.code] += 1
    return [
        Judged(submission_id, tuple(found.get(submission_id, ())), unjudged[submission_id])
        for submission_id in submission_ids
    ]


def is_in_force(connection: Connection, receipt: Receipt, period: str | None) -> bool:
    """Whether these bytes are what was last accepted from the unit for the month, under whatever name.

    A rejected file sent again is judged again: what it was held against may have changed.
    """
    query = """
        select sha256
        from raw.submission
        inner join raw.verdict using (submission_id)
        where plan_id = ? and unit_code = ? and period = ? and verdict = 'accepted'
        order by accepted_at desc, file_name desc, submission_id desc
        limit 1
    """
    key = [receipt.plan_id, receipt.unit_code, period]
    return connection.execute(query, key).fetchone() == (receipt.sha256,)
