"""Building the tables of a schema anew from their SQL files; docs/adr/0001 says why in SQL alone.

What follows from one plan is made for the plans that have changed since; docs/adr/0062 says how that is known.
"""

from __future__ import annotations

from collections.abc import Collection, Set

from minsheng.core.clock import require_near
from minsheng.core.outcome import Outcome
from minsheng.plan.run import Run
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection
from minsheng.warehouse.plan_digests import PlanDigests, changed, mart_digests, plan_rows, star_digests
from minsheng.warehouse.plan_parts import is_by_plan, remake_part


def rebuild(connection: Connection, schema: str) -> tuple[Outcome, ...]:
    """Replace every table of ``schema`` whole, inside the caller's transaction; one outcome a table."""
    for model in sqlfiles.models(schema):
        connection.execute(sqlfiles.create_table(model))
    return _built(connection, schema)


def refresh_star(connection: Connection) -> tuple[Outcome, ...]:
    """Make the star tables of the plans whose sources have changed, inside the caller's transaction.

    No-op, no outcomes, if none has.
    """
    now, noted = star_digests(connection), _noted(connection, "star_built")
    touched = changed(noted, now)
    if not touched:
        return ()
    _refresh(connection, "star", touched, now.keys())
    connection.execute("delete from raw.star_built")
    connection.execute(
        "insert into raw.star_built by name select unnest(?) as plan_id, unnest(?) as content",
        [list(now.keys()), list(now.values())],
    )
    return _built(connection, "star")


def rebuild_all(connection: Connection, run: Run) -> tuple[Outcome, ...]:
    """Marts and published tables as of the run, on a star of the same moment, for every plan that says something else.

    What is due or missing is judged at ``run.as_of``, or at the moment of an earlier build if that was later: what is
    known does not become unknown again. Raises UserError when it was so much later that one of the two is wrong.
    """
    noted = _noted(connection, "as_of")
    _move_clock(connection, run)
    outcomes = refresh_star(connection)
    now = mart_digests(connection, _noted(connection, "star_built"))
    touched = changed(noted, now)
    for schema in ("marts", "published") if touched else ():
        touched = _refresh(connection, schema, touched, now.keys())
        outcomes += _built(connection, schema)
    _note_marts(connection, now)
    connection.execute("delete from raw.built")
    connection.execute(
        "insert into raw.built select plan_id, submission_id, false from star.fct_submission where verdict is not null"
    )
    return outcomes


def _refresh(connection: Connection, schema: str, touched: Collection[str], plan_ids: Set[str]) -> frozenset[str]:
    """Make the tables of a schema for the touched of all plans, and whole those that are not by plan.

    A plan of which such a table says something else is touched as well, for what is made after it; gives all of them.
    """
    all_touched = frozenset(touched)
    for model in sqlfiles.models(schema):
        # The rows of a plan that is gone are not looked for by plan.
        is_part = bool(plan_ids - all_touched) and all_touched <= plan_ids
        if is_part and is_by_plan(model):
            for statement in remake_part(model, all_touched):
                connection.execute(statement)
        elif is_part and "plan_id" in sqlfiles.columns(model):
            before = plan_rows(connection, model)
            connection.execute(sqlfiles.create_table(model))
            all_touched |= changed(before, plan_rows(connection, model)) & plan_ids
        else:
            connection.execute(sqlfiles.create_table(model))
    return all_touched


def _built(connection: Connection, schema: str) -> tuple[Outcome, ...]:
    names = (model.full_name for model in sqlfiles.models(schema))
    query = " union all ".join(f"select '{name}', count(*) from {name}" for name in names)
    return tuple(Outcome(name, "built", "", count) for name, count in connection.execute(query).fetchall())


def _noted(connection: Connection, table: str) -> dict[str, str]:
    """What the tables were made from last; null: by an earlier version, which did not tell it of each plan."""
    rows = connection.execute(f"select plan_id, content from raw.{table} where plan_id is not null").fetchall()
    return dict(rows)


def _note_marts(connection: Connection, digests: PlanDigests) -> None:
    connection.execute(
        """
        update raw.as_of set content = noted.content
        from (select unnest(?) as plan_id, unnest(?) as content) as noted
        where as_of.plan_id = noted.plan_id
        """,
        [list(digests.keys()), list(digests.values())],
    )


def _move_clock(connection: Connection, run: Run) -> None:
    known = connection.execute("select max(as_of) from raw.as_of").fetchone()
    if known and known[0]:
        require_near("as_of", run.as_of, known[0], "统计结果已经算到")
    moment = max(run.as_of, known[0]) if known and known[0] else run.as_of
    connection.execute("delete from raw.as_of")
    connection.execute("insert into raw.as_of by name select plan_id, ? as as_of, plan_sha256 from raw.plan", [moment])
