"""What is on record about every rule in a month: counts and addresses, without a word a unit wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from minsheng.validation.finding import quoted
from minsheng.warehouse.connection import Connection


@dataclass(frozen=True)
class RuleRecord:
    """One rule in one month. ``addresses``: how many faults were found where, as ``CGJ!填报!F6``."""

    rule_code: str
    file_count: int
    applied_count: int
    fired_count: int
    unjudged_count: int
    addresses: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class MonthRecord:
    """Everything on record about the files of one month; ``verdicts``: how many files ended with each."""

    period: str
    verdicts: Mapping[str, int]
    rules: tuple[RuleRecord, ...]

    @property
    def digest(self) -> str:
        """Stands in the page made of it."""
        return sha256(repr(self).encode()).hexdigest()[:16]


def read_month(connection: Connection, plan_id: str, period: str) -> MonthRecord:
    """What is on record about a month, rules in the order of their codes."""
    addresses = _addresses(connection, plan_id, period)
    rules = connection.execute(
        """
        select rule_code, count(*), sum(applied_count), sum(fired_count), sum(unjudged_count)
        from raw.rule_result
        inner join raw.submission using (submission_id)
        where plan_id = ? and period = ?
        group by rule_code
        order by rule_code
        """,
        [plan_id, period],
    ).fetchall()
    records = (
        RuleRecord(code, files, int(applied), int(fired), int(unjudged), addresses.get(code, Counter()))
        for code, files, applied, fired, unjudged in rules
    )
    return MonthRecord(period, _verdicts(connection, plan_id, period), tuple(records))


def _verdicts(connection: Connection, plan_id: str, period: str) -> dict[str, int]:
    rows = connection.execute(
        """
        select verdict, count(*)
        from raw.verdict
        inner join raw.submission using (submission_id)
        where plan_id = ? and period = ?
        group by verdict
        order by verdict
        """,
        [plan_id, period],
    ).fetchall()
    return dict(rows)


def _addresses(connection: Connection, plan_id: str, period: str) -> dict[str, Counter[str]]:
    rows = connection.execute(
        """
        select rule_code, unit_code, sheet_name, cell_ref
        from raw.finding
        inner join raw.submission using (submission_id)
        where plan_id = ? and period = ?
        order by rule_code, unit_code, received_at, submission_id, finding_no
        """,
        [plan_id, period],
    ).fetchall()
    found: dict[str, Counter[str]] = {}
    for rule_code, *place in rows:
        found.setdefault(rule_code, Counter())[_address(*place)] += 1
    return found


def _address(unit_code: str, sheet_name: str | None, cell_ref: str | None) -> str:
    return "!".join(filter(None, (unit_code, quoted(sheet_name or "整个文件"), cell_ref)))
