"""Building the tables of a schema anew from their SQL files."""

from __future__ import annotations

from etl import sqlfiles
from etl.outcome import Outcome
from etl.warehouse import Connection


def rebuild(connection: Connection, schema: str) -> tuple[Outcome, ...]:
    """Replace every table of ``schema`` whole, inside the caller's transaction; one outcome a table."""
    return tuple(_rebuild_one(connection, model) for model in sqlfiles.models(schema))


def _rebuild_one(connection: Connection, model: sqlfiles.Model) -> Outcome:
    connection.execute(sqlfiles.create_table(model))
    row = connection.execute(f"select count(*) from {model.full_name}").fetchone()
    return Outcome(model.full_name, "built", "", int(row[0]) if row else 0)
