"""A second warehouse to try things in: what a home holds, copied and never written back."""

from __future__ import annotations

from pathlib import Path

from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection, open_to_read


def copy_raw(warehouse: Path, into: Connection, patience: float | None = None) -> None:
    """Copy every raw table a warehouse has (one of an earlier version lacks some); it may be in use by readers.

    A writer is waited for, see ``open_to_read``.
    """
    with open_to_read(warehouse, patience) as held:
        query = "select table_name from duckdb_tables() where schema_name = 'raw'"
        present = {name for (name,) in held.execute(query).fetchall()}
        for table in sqlfiles.raw_tables():
            if table.name in present:
                rows = held.execute(f"select * from {table.full_name}").to_arrow_table()
                into.register("history", rows)
                into.execute(f"insert into {table.full_name} by name select * from history")
                into.unregister("history")
