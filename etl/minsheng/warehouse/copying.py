"""What a warehouse holds, copied and never written back: its rows into a second one, or its files as they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

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


@contextmanager
def held_still(warehouse: Path) -> Iterator[tuple[BinaryIO, ...]]:
    """The files of a warehouse, open to be copied, as they are until the block ends; none where there is no warehouse.

    Readers go on; writers wait, and so do we for one that is at work, see ``open_to_read``.
    """
    if not warehouse.exists():
        yield ()
        return
    # Closed last: whoever closes any file takes all locks of its process off it, DuckDB's too.
    with ExitStack() as files, open_to_read(warehouse):
        log = warehouse.with_name(f"{warehouse.name}.wal")
        yield tuple(files.enter_context(path.open("rb")) for path in (warehouse, log) if path.exists())
