"""Laying out a warehouse: its schemas, its raw tables and views as the SQL files declare them, an empty star."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from minsheng.core.errors import UserError
from minsheng.warehouse import sqlfiles

if TYPE_CHECKING:
    from minsheng.warehouse.connection import Connection

# Type of every raw column by table and name.
RawColumns = Mapping[tuple[str, str], str]

SCHEMAS = ("raw", *sqlfiles.LAYERS, "checks")


def lay_out(connection: Connection, declared: RawColumns) -> None:
    """Make what the files declare, inside the caller's transaction; no-op where it is there.

    Raises UserError when a raw column has another type than declared: what it holds may not mean the same.
    """
    for schema in SCHEMAS:
        connection.execute(f"create schema if not exists {schema}")
    _lay_out_raw(connection, declared)
    _refresh_views(connection)
    _lay_out_star(connection)


def declare_raw(blank: Connection) -> RawColumns:
    """The raw columns that the files declare, by making them in an empty database."""
    blank.execute("create schema raw")
    for table in sqlfiles.raw_tables():
        blank.execute(table.sql)
    return _raw_columns(blank)


def _lay_out_raw(connection: Connection, declared: RawColumns) -> None:
    """The raw tables as their files declare them; a warehouse of an earlier version gains the columns it lacks."""
    if _raw_columns(connection) == declared:
        return
    for table in sqlfiles.raw_tables():
        connection.execute(table.sql)
    held = _raw_columns(connection)
    for (table_name, column), kind in declared.items():
        found = held.get((table_name, column))
        if found is None:
            connection.execute(f"alter table raw.{table_name} add column {column} {kind}")
        elif found != kind:
            raise UserError("warehouse_column_differs", f"raw.{table_name}.{column}", found=found, wanted=kind)


def _raw_columns(connection: Connection) -> RawColumns:
    query = "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'raw'"
    return {(table, column): kind for table, column, kind in connection.execute(query).fetchall()}


def _refresh_views(connection: Connection) -> None:
    """Make the views what their files say, and drop those no file declares; no-op, without parsing any SQL, if so."""
    views = [view for layer in sqlfiles.VIEWS for view in sqlfiles.declared(layer)]
    declared = {view.full_name: sqlfiles.fingerprint(view) for view in views}
    query = "select schema_name || '.' || view_name, comment from duckdb_views() where list_contains(?, schema_name)"
    held = dict(connection.execute(query, [list(sqlfiles.VIEWS)]).fetchall())
    if held == declared:
        return
    for name in held:
        connection.execute(f"drop view {name}")
    models = [model for layer in sqlfiles.VIEWS for model in sqlfiles.models(layer)]
    # A view is planned through all the views it reads: over empty tables in their places it takes a tenth of the time.
    for model in models:
        connection.execute(sqlfiles.create_table(model, empty=True))
    for model in reversed(models):
        connection.execute(f"drop table {model.full_name}")
        connection.execute(sqlfiles.create_view(model))
        connection.execute(f"comment on view {model.full_name} is '{declared[model.full_name]}'")


def _lay_out_star(connection: Connection) -> None:
    """Empty star tables where there are none yet, so that stages before the first load can read them."""
    query = "select table_name from duckdb_tables() where schema_name = 'star'"
    present = {name for (name,) in connection.execute(query).fetchall()}
    if {table.name for table in sqlfiles.declared("star")} <= present:
        return
    for table in sqlfiles.models("star"):
        if table.name not in present:
            connection.execute(sqlfiles.create_table(table, empty=True))
