"""Building the tables of a schema anew from their SQL files; docs/adr/0001 says why whole, and why in SQL alone."""

from __future__ import annotations

from hashlib import sha256

from minsheng.core.clock import require_near
from minsheng.core.outcome import Outcome
from minsheng.plan.run import Run
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection

# What stages write about themselves: no star table is made from it.
OWN_RECORDS = frozenset({"as_of", "bounce", "built", "outcome", "publication", "shown", "source_entry", "star_built"})


def rebuild(connection: Connection, schema: str) -> tuple[Outcome, ...]:
    """Replace every table of ``schema`` whole, inside the caller's transaction; one outcome a table."""
    return tuple(_rebuild_one(connection, model) for model in sqlfiles.models(schema))


def refresh_star(connection: Connection) -> tuple[Outcome, ...]:
    """Rebuild the star tables inside the caller's transaction; no-op, no outcomes, if their sources are unchanged."""
    content = _star_content(connection)
    if connection.execute("select content from raw.star_built").fetchone() == (content,):
        return ()
    outcomes = rebuild(connection, "star")
    connection.execute("delete from raw.star_built")
    connection.execute("insert into raw.star_built values (?)", [content])
    return outcomes


def rebuild_all(connection: Connection, run: Run) -> tuple[Outcome, ...]:
    """Marts and published tables as of the run, every plan and opened period, on a star of the same moment.

    What is due or missing is judged at ``run.as_of``, or at the moment of an earlier build if that was later: what is
    known does not become unknown again. Raises UserError when it was so much later that one of the two is wrong.
    """
    _move_clock(connection, run)
    outcomes = [*refresh_star(connection), *rebuild(connection, "marts"), *rebuild(connection, "published")]
    connection.execute("delete from raw.built")
    connection.execute(
        "insert into raw.built select plan_id, submission_id, false from star.fct_submission where verdict is not null"
    )
    return tuple(outcomes)


def _rebuild_one(connection: Connection, model: sqlfiles.Model) -> Outcome:
    row = connection.execute(sqlfiles.create_table(model)).fetchone()  # how many rows it has
    return Outcome(model.full_name, "built", "", int(row[0]) if row else 0)


def _star_content(connection: Connection) -> str:
    """A digest of the raw tables the star is made from, in any order of their rows, and of the SQL that makes it."""
    total = sha256()
    for schema in ("staging", "star"):
        total.update("".join(model.sql for model in sqlfiles.declared(schema)).encode())
    for table in sqlfiles.raw_tables():
        if table.name not in OWN_RECORDS:
            row = connection.execute(
                f"select count(*), sum(hash(held)::hugeint) from {table.full_name} as held"
            ).fetchone()
            total.update(f"{table.name} {row}".encode())
    return total.hexdigest()


def _move_clock(connection: Connection, run: Run) -> None:
    known = connection.execute("select max(as_of) from raw.as_of").fetchone()
    if known and known[0]:
        require_near("as_of", run.as_of, known[0], "统计结果已经算到")
    moment = max(run.as_of, known[0]) if known and known[0] else run.as_of
    connection.execute("delete from raw.as_of")
    connection.execute("insert into raw.as_of select plan_id, ?, plan_sha256 from raw.plan", [moment])
