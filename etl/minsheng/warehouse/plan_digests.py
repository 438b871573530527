"""What the rows of each plan are made from, as digests: where one is as it was noted, they stand (docs/adr/0062)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256

from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection
from minsheng.warehouse.plan_parts import owner

# A digest by plan; rows that name none are in the digest of each.
PlanDigests = Mapping[str, str]

# What stages write about themselves: no star table is made from it.
OWN_RECORDS = frozenset({"as_of", "bounce", "built", "outcome", "publication", "shown", "source_entry", "star_built"})

_DIGEST = "count(*), sum(hash(held)::hugeint)"
_OF_PLAN = f"select '{{0}}', plan_id, {_DIGEST} from {{1}} as held group by all"
_OF_SUBMISSION = f"""
    select '{{0}}', submission.plan_id, {_DIGEST}
    from {{1}} as held
    left join raw.submission as submission on held.submission_id = submission.submission_id
    group by all
"""
_OF_ALL = f"select '{{0}}', null, {_DIGEST} from {{1}} as held"
_BY_OWNER = {"plan": _OF_PLAN, "submission": _OF_SUBMISSION, None: _OF_ALL}
# How many of the hours at which something comes due or is frozen have passed: as many, and they are the same ones.
_PASSED = """
    select 'obligation', plan_id, count(*), 0
    from star.fct_obligation
    inner join raw.as_of as built using (plan_id)
    where built.as_of > due_at
    group by plan_id
    union all
    select 'period', plan_id, count(case when built.as_of > due_at then 1 end),
        count(case when built.as_of > freeze_at then 1 end)
    from star.dim_period
    inner join raw.as_of as built using (plan_id)
    group by plan_id
"""


def star_digests(connection: Connection) -> PlanDigests:
    """Of what the star is made from: raw rows, in any order, and SQL."""
    tables = [table for table in sqlfiles.raw_tables() if table.name not in OWN_RECORDS]
    asked = [_BY_OWNER[owner(table)].format(table.name, table.full_name) for table in tables]
    return _digests(connection, asked, "staging", "star")


def mart_digests(connection: Connection, star: PlanDigests) -> PlanDigests:
    """Of what marts and published tables are made from: the star by its own digests, and the hours that have passed."""
    shared = [model for model in sqlfiles.declared("star") if "plan_id" not in sqlfiles.columns(model)]
    asked = [_OF_ALL.format(model.name, model.full_name) for model in shared]
    beside = _digests(connection, [*asked, _PASSED], "marts", "published", plan_ids=star)
    return {plan_id: sha256(f"{of_star} {beside[plan_id]}".encode()).hexdigest() for plan_id, of_star in star.items()}


def plan_rows(connection: Connection, model: sqlfiles.Model) -> PlanDigests:
    """Of a built table's own rows."""
    return _digests(connection, [_OF_PLAN.format(model.name, model.full_name)])


def changed(before: PlanDigests, now: PlanDigests) -> frozenset[str]:
    """The plans that are new, gone, or made from something else than before."""
    return frozenset(plan_id for plan_id in before.keys() | now.keys() if before.get(plan_id) != now.get(plan_id))


def _digests(
    connection: Connection, asked: Iterable[str], *schemas: str, plan_ids: Iterable[str] = ()
) -> dict[str, str]:
    """What is asked for, by plan; what belongs to all, and the SQL of the schemas, is in the digest of each."""
    shared = sha256("".join(model.sql for schema in schemas for model in sqlfiles.declared(schema)).encode())
    rows = sorted(connection.execute(" union all ".join(asked)).fetchall(), key=str)
    for name, plan_id, *digest in rows:
        if plan_id is None:
            shared.update(f"{name} {digest}".encode())
    found = {plan_id for _, plan_id, *_ in rows if plan_id is not None}
    by_plan = {plan_id: shared.copy() for plan_id in found.union(plan_ids)}
    for name, plan_id, *digest in rows:
        if plan_id is not None:
            by_plan[plan_id].update(f"{name} {digest}".encode())
    return {plan_id: total.hexdigest() for plan_id, total in by_plan.items()}
