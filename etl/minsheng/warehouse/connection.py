"""The one door to DuckDB."""

from __future__ import annotations

import logging
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from minsheng.core.clock import ZONE_NAME
from minsheng.core.errors import BusyError, DamagedError, UserError
from minsheng.core.files import FILE_MODE, make_folder, move, naming, sync_file
from minsheng.core.home import Home
from minsheng.core.layout import begin
from minsheng.warehouse.holder import holder, is_held
from minsheng.warehouse.laying_out import RawColumns, declare_raw, lay_out

if TYPE_CHECKING:
    from collections.abc import Iterable

Connection = duckdb.DuckDBPyConnection
Row = dict[str, Any]

# What DuckDB raises when a query names a table or a column that is not there.
LACKING = (duckdb.CatalogException, duckdb.BinderException)

# What it raises for a query that cannot be answered, whatever is wrong with it.
REFUSED = (duckdb.ProgrammingError, duckdb.DataError, duckdb.NotSupportedError, duckdb.PermissionException)

# What it raises when it cannot use its file: that is never about what it was asked.
UNUSABLE = (duckdb.IOException, duckdb.FatalException, duckdb.TransactionException)

# DuckDB raises the same for a file that is held, and may be free the next time, and for one that is damaged.
_DAMAGED = ("not a valid DuckDB database file", "Corrupt ", "Could not read enough bytes")

# Seconds for which a file that another process holds is asked for again: a query of somebody who strayed into the
# warehouse is over by then, and a task still has most of its hour.
PATIENCE = 300.0
_PAUSE = 1.0
_TOLD_EVERY = 60.0

log = logging.getLogger(__name__)

# A county's tables are small: to share a query among threads costs more than it saves, other tasks want the cores, and
# what is written would depend on how many there are. One that grows beyond its memory goes on from disk, beside its
# file; one without a file in the system's folder for temporary files, as the working folder may be closed to it.
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": "1GB",
    "default_block_size": 16384,  # of a new file: a table takes one at the least, and most fill a part of one
}
_IN_MEMORY = ":memory:"
# The warehouses that this process keeps open, laid out: see ``kept_open``.
_kept: dict[Path | None, Connection] = {}
# The file of an empty warehouse, once this process has made one: to plan all its views takes most of a second.
_empty: list[bytes] = []


@contextmanager
def open_warehouse(path: Path | None) -> Iterator[Connection]:
    """Open the warehouse (None: in memory) with schemas, raw tables and views in place.

    A file that another process holds is waited for, for PATIENCE seconds. Raises BusyError when it is still held then
    or the disk refuses it, DamagedError when it is damaged, or not there in a home that has had one.
    """
    if path in _kept:
        with _session(str(path), _kept[path].cursor()) as connection:
            yield connection
        return
    if path and not path.exists():
        begin(Home(path.parent))
        create_warehouse(path)
    with _open(str(path or _IN_MEMORY), read_only=False) as connection:
        _prepare(connection)
        yield connection


@contextmanager
def kept_open(path: Path) -> Iterator[None]:
    """Keep the warehouse open, so that every opening of it inside is quick: the file is read and laid out once.

    Others wait for it as long; raises as ``open_warehouse``.
    """
    with open_warehouse(path) as connection:
        if path in _kept:
            yield
            return
        _kept[path] = connection
        try:
            yield
        finally:
            del _kept[path]


@contextmanager
def open_to_read(database: Path, patience: float | None = None) -> Iterator[Connection]:
    """Open a database as any reader does: read-only, one state from opening to closing.

    Raises UserError when there is none or it is damaged, BusyError when somebody is still writing it after so many
    seconds (null: PATIENCE).
    """
    if not database.exists():
        raise UserError("warehouse_missing", database)
    if database in _kept:
        with _session(str(database), _kept[database].cursor()) as connection:
            connection.execute("begin transaction read only")
            yield connection
        return
    with _open(str(database.resolve()), read_only=True, patience=patience) as connection:
        yield connection


def create_warehouse(path: Path) -> None:
    """Make an empty one, under another name first: one cut short at birth could never be opened again."""
    make_folder(path.parent)
    fresh = path.with_name(f".{path.name}.new")
    for leftover in path.parent.glob(f"{fresh.name}*"):
        leftover.unlink()
    if _empty:
        with naming(fresh):
            fresh.write_bytes(_empty[0])
    else:
        with _open(str(fresh), read_only=False) as connection:
            _prepare(connection)
        _empty.append(fresh.read_bytes())
    fresh.chmod(FILE_MODE)
    sync_file(fresh)
    move(fresh, path)


@contextmanager
def _open(database: str, *, read_only: bool, patience: float | None = None) -> Iterator[Connection]:
    if database != _IN_MEMORY and Path(database).exists() and not Path(database).stat().st_size:
        raise _damaged(database, "it is empty")  # DuckDB would take it for a new one
    try:
        connection = _connect(database, PATIENCE if patience is None else patience, read_only=read_only)
    except UNUSABLE as error:
        raise _unusable(database, str(error).splitlines()[0]) from error
    with _session(database, connection):
        yield connection


@contextmanager
def _session(database: str, opened: Connection) -> Iterator[Connection]:
    """What is asked of an open database in the county's time; closes it."""
    try:
        with opened as connection:
            connection.execute(f"set TimeZone = '{ZONE_NAME}'")
            yield connection
    except duckdb.OutOfMemoryException as error:
        raise UserError("warehouse_too_large", database, limit=_CONFIG["memory_limit"]) from error
    except UNUSABLE as error:
        raise _unusable(database, str(error).splitlines()[0]) from error


def _connect(database: str, patience: float, *, read_only: bool) -> Connection:
    """Open the file, as soon as nobody who excludes us has it open; the log says whom we wait for."""
    began = time.monotonic()
    told = began - _TOLD_EVERY
    while True:
        try:
            return duckdb.connect(database, read_only=read_only, config=_CONFIG | _overflow(database))
        except duckdb.IOException as error:
            now = time.monotonic()
            if not is_held(str(error)) or now - began >= patience:
                raise
            if now - told >= _TOLD_EVERY:
                log.warning("%s 正被占用，等待其结束（最多 %.0f 秒）：%s", database, patience, holder(str(error)))
                told = now
        time.sleep(min(_PAUSE, patience))


def _overflow(database: str) -> dict[str, str]:
    if database != _IN_MEMORY:
        return {}
    return {"temp_directory": str(Path(tempfile.gettempdir()) / f"minsheng-{os.getpid()}")}


def _unusable(database: str, words: str) -> UserError:
    if any(damage in words for damage in _DAMAGED):
        return _damaged(database, words)
    if is_held(words):
        return BusyError("warehouse_busy", database, seconds=f"{PATIENCE:.0f}", holder=holder(words))
    return BusyError("warehouse_unusable", database, reason=words)


def _damaged(database: str, words: str) -> DamagedError:
    return DamagedError("warehouse_damaged", database, reason=words)


def _prepare(connection: Connection) -> None:
    with transaction(connection):
        lay_out(connection, _declared_raw())


@cache
def _declared_raw() -> RawColumns:
    with duckdb.connect(_IN_MEMORY) as blank:
        return declare_raw(blank)


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """All or nothing: whatever happens inside is committed whole or not at all."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def rows_of(
    connection: Connection, query: str, parameters: Mapping[str, object] | Sequence[object] | None = None
) -> list[Row]:
    """What a query finds, each row by column name."""
    cursor = connection.execute(query, parameters)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def append(connection: Connection, table: str, rows: Iterable[Mapping[str, object]]) -> int:
    """Append rows (column name to value; absent means null) to a raw table in one piece; returns how many.

    Raises KeyError for a column the table does not have: it would be dropped without a word.
    """
    import pyarrow as pa

    schema = connection.execute(f"select * from {table} limit 0").to_arrow_table().schema
    listed = [dict(row) for row in rows]
    if unknown := {name for row in listed for name in row} - set(schema.names):
        raise KeyError(f"{table} has no column {', '.join(sorted(unknown))}")
    batch = pa.Table.from_pylist(listed, schema=schema)
    if batch.num_rows:
        connection.register("batch", batch)
        connection.execute(f"insert into {table} by name select * from batch")
        connection.unregister("batch")
    return int(batch.num_rows)
