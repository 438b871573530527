"""What a revision says of itself: what it rests on, what was checked, what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from minsheng.core.clock import county_time
from minsheng.core.declarations import code_version
from minsheng.plan.run import Run
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection, Row, rows_of

_PLANS = "select plan_id, plan_title, plan_sha256 from raw.plan order by plan_id"
_MONTHS = "select plan_id, period from raw.period order by plan_id, period"
_AS_OF = "select max(as_of) as as_of from raw.as_of"
_INPUTS = """
    select
        verdict.submission_id, submission.plan_id, submission.unit_code, submission.period, submission.sha256,
        cast(submission.received_at as varchar) as received_at, verdict.rules_version
    from raw.verdict
    inner join raw.submission using (submission_id)
    inner join raw.built using (submission_id)
    where verdict.submission_id in (select submission_id from staging.stg_counted)
    order by submission.plan_id, submission.period, submission.unit_code, verdict.submission_id
"""
_CHECKS = """
    select input as name, result, item_count as row_count
    from raw.outcome
    where run_id = ? and stage = 'build' and result <> 'built'
    order by input
"""


@dataclass(frozen=True)
class Basis:
    """What a revision rests on: plans, opened months, accepted submissions by hash, what the run's checks answered.

    ``as_of`` is the moment its tables speak of: a later one than the run's if they had been built as of that before.
    """

    as_of: datetime
    plans: list[Row]
    months: frozenset[tuple[str, str]]
    inputs: list[Row]
    checks: list[Row]

    @property
    def latest_plan_id(self) -> str:
        """The plan of the month opened last: what is shown to those who ask for none; empty before any was opened."""
        return max(((period, plan_id) for plan_id, period in self.months), default=("", ""))[1]


def read_basis(connection: Connection, run: Run) -> Basis:
    """Read it from the warehouse in the state that is being published."""
    levels = {check.name: check.level for check in sqlfiles.checks()}
    checks = rows_of(connection, _CHECKS, [run.run_id])
    (spoken,) = rows_of(connection, _AS_OF)
    return Basis(
        as_of=county_time(spoken["as_of"]),
        plans=rows_of(connection, _PLANS),
        months=frozenset(connection.execute(_MONTHS).fetchall()),
        inputs=rows_of(connection, _INPUTS),
        checks=[{"name": row["name"], "level": levels[row["name"]]} | row for row in checks],
    )


def manifest(
    run: Run,
    name: str,
    basis: Basis,
    row_counts: Mapping[str, int],
    row_digests: Mapping[str, str],
    fewer: Mapping[str, object] | None,
) -> dict[str, object]:
    """What a revision says of itself, but for its files; ``fewer``: by which consent it holds less than the last."""
    return {
        "revision": name,
        "as_of": basis.as_of.isoformat(),
        "made_at": run.moment.isoformat(),
        "county": run.county.name,
        "plan_id": basis.latest_plan_id,
        "plans": {plan["plan_id"]: plan["plan_title"] for plan in basis.plans},
        "plan_hashes": {plan["plan_id"]: plan["plan_sha256"] for plan in basis.plans},
        "months": sorted(basis.months),
        "fewer": fewer,
        "code_version": code_version(),
        "rules_versions": sorted({row["rules_version"] for row in basis.inputs}),
        "input_count": len(basis.inputs),
        "inputs": basis.inputs,
        "checks": basis.checks,
        "row_counts": row_counts,
        "row_digests": row_digests,
    }
