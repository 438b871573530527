"""The current revision in PostgreSQL, for tools without a DuckDB driver and for many readers at once.

The rows of all tables are replaced in one transaction: whatever a reader's statement (or repeatable-read
transaction) sees is one revision, nobody waits, and views that analysts built on the tables stay. Only
when the tables themselves have changed are they made anew, in the same transaction. What others put into
the schema is never touched: ``publication`` names what is ours.
docs/adr/0009 tells what goes wrong with renaming schemas.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    NullPool,
    column,
    create_engine,
    insert,
    inspect,
    make_url,
    table,
    text,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from minsheng.core.clock import county_time
from minsheng.core.errors import BusyError, UserError
from minsheng.core.home import Publisher
from minsheng.core.outcome import Outcome
from minsheng.publication.keys import KEYS
from minsheng.publication.labels import quoted, statements
from minsheng.publication.postgres_signature import (
    SCHEMA_NAME,
    SIGNATURE_TABLE,
    Signature,
    execute,
    held_signature,
    is_whole_in,
    sign,
)
from minsheng.publication.revisions import DATABASE, SCHEMA, Revision, require_current
from minsheng.warehouse.connection import Connection as DuckDB
from minsheng.warehouse.connection import open_to_read

READER = "minsheng_reader"
_BATCH = 10_000
_SECONDS_TO_CONNECT = 10


@dataclass(frozen=True)
class Schema:
    """The DDL of a revision, by what it makes."""

    tables: tuple[str, ...]
    views: tuple[str, ...]
    comments: tuple[str, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Copied:
    """What PostgreSQL holds, and since when."""

    revision: str
    copied_at: datetime


def copied(url: str) -> Copied | None:
    """Which revision is there; None: nothing of ours. Raises as ``copy_current`` does."""
    engine = _engine(url)
    with _plain_errors(engine.url), engine.connect() as connection:
        if not inspect(connection).has_table("publication", SCHEMA_NAME):
            return None
        row = connection.execute(text(f"select revision, copied_at from {SCHEMA_NAME}.publication")).first()
    return Copied(row.revision, county_time(row.copied_at)) if row else None


def copy_current(publisher: Publisher, url: str, named: Revision | None = None, *, anew: bool = False) -> Outcome:
    """Make schema ``minsheng`` hold the current revision, whole; a no-op if it does.

    ``named``: another revision, until the next copy. ``anew``: write every row again, also where nothing seems to be
    missing. What was dropped by hand is made again. Raises BusyError when the server cannot be reached or is in use,
    UserError when it refuses, when nothing is published, and when the schema is somebody else's.
    """
    engine = _engine(url)
    with _plain_errors(engine.url), engine.begin() as connection:
        _lock(connection)
        revision = named or require_current(
            publisher
        )  # not before: who waited for another copy must not undo a newer one
        schema, held = _read_schema(revision), held_signature(connection)
        wanted = Signature(revision.name, _digest(schema.tables + schema.keys), _digest(schema.views), _made(revision))
        is_whole = held is not None and is_whole_in(connection, held)
        if held == wanted and is_whole and not anew:
            return Outcome("postgresql", "known", revision.name)
        _lay_out(connection, schema, held, wanted, is_whole=is_whole)
        row_count = _replace_rows(connection, revision)
        sign(connection, wanted, revision)
    return Outcome("postgresql", "copied", revision.name, row_count)


def _read_schema(revision: Revision) -> Schema:
    listed = statements((revision.folder / SCHEMA).read_text(encoding="utf-8"))
    starts = ("create table ", "create view ", "comment on ", KEYS)
    return Schema(*(tuple(statement for statement in listed if statement.startswith(start)) for start in starts))


def _made(revision: Revision) -> list[str]:
    """The names of all that the revision's DDL makes, and of the table that signs it."""
    query = "select table_name from duckdb_tables() union all select view_name from duckdb_views() where not internal"
    with open_to_read(revision.folder / DATABASE) as source:
        return sorted(["publication", *(name for (name,) in source.execute(query).fetchall())])


def _digest(listed: tuple[str, ...]) -> str:
    return sha256("\n".join(listed).encode()).hexdigest()


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.get_backend_name() != "postgresql":
        raise UserError("postgres_url_invalid", "MINSHENG_POSTGRES_URL")
    arguments = {"connect_timeout": _SECONDS_TO_CONNECT, "application_name": "minsheng"}
    try:
        return create_engine(parsed, poolclass=NullPool, connect_args=arguments)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise UserError("postgres_driver_missing", "MINSHENG_POSTGRES_URL", driver=parsed.drivername) from error


@contextmanager
def _plain_errors(url: URL) -> Iterator[None]:
    """One line that says which server and what to do; the password stays out of it."""
    try:
        yield
    except DBAPIError as error:
        where, reason = url.render_as_string(hide_password=True), str(error.orig).strip().splitlines()[0]
        if isinstance(error, OperationalError):
            raise BusyError("postgres_away", where, reason=reason) from error
        raise UserError("postgres_refuses", where, reason=reason) from error


def _lock(connection: Connection) -> None:
    """From here to the end of the transaction nobody else copies."""
    execute(connection, "set local lock_timeout = '30s'")
    execute(connection, "select pg_advisory_xact_lock(hashtext('minsheng'))")


def _lay_out(
    connection: Connection, schema: Schema, held: Signature | None, wanted: Signature, *, is_whole: bool
) -> None:
    """Make anew what is defined otherwise than before, views also when their tables are; then say what it means."""
    execute(connection, f"create schema if not exists {SCHEMA_NAME}")
    execute(connection, f"set local search_path to {SCHEMA_NAME}")
    is_table_new = held is None or not is_whole or held.tables_sha256 != wanted.tables_sha256
    if is_table_new or held is None or held.views_sha256 != wanted.views_sha256:
        ours, inspector = set(held.made if held else ()), inspect(connection)
        _drop(connection, "view", ours.intersection(inspector.get_view_names(SCHEMA_NAME)))
        if is_table_new:
            _drop(connection, "table", ours.intersection(inspector.get_table_names(SCHEMA_NAME)))
            for table_statement in (*schema.tables, *schema.keys, SIGNATURE_TABLE):
                execute(connection, table_statement)
        for view_statement in schema.views:
            execute(connection, view_statement)
        _grant(connection, wanted.made)
    for comment in schema.comments:
        execute(connection, comment)


def _drop(connection: Connection, kind: str, names: set[str]) -> None:
    """Never with what others built upon it: PostgreSQL refuses, and names it. What leads to others goes before them."""
    led_to = [str(name) for name, _ in inspect(connection).get_sorted_table_and_fkc_names(SCHEMA_NAME) if name]
    for name in sorted(names, key=lambda name: -led_to.index(name) if name in led_to else 0):
        execute(connection, f"drop {kind} {quoted(name)}")


def _grant(connection: Connection, names: list[str]) -> None:
    if not connection.execute(text("select 1 from pg_roles where rolname = :name"), {"name": READER}).first():
        execute(connection, f"create role {READER} nologin")
    execute(connection, f"grant usage on schema {SCHEMA_NAME} to {READER}")
    execute(connection, f"grant select on {', '.join(map(quoted, names))} to {READER}")


def _replace_rows(connection: Connection, revision: Revision) -> int:
    with open_to_read(revision.folder / DATABASE) as source:
        names = source.execute("select table_name from duckdb_tables() order by table_name").fetchall()
        return sum(_replace_table(connection, source, name) for (name,) in names)


def _replace_table(connection: Connection, source: DuckDB, name: str) -> int:
    cursor = source.execute(f"select * from {name}")
    columns = [described[0] for described in cursor.description or ()]
    target = table(name, *(column(one) for one in columns), schema=SCHEMA_NAME)
    connection.execute(target.delete())
    count = 0
    while rows := cursor.fetchmany(_BATCH):
        connection.execute(insert(target), [dict(zip(columns, row, strict=True)) for row in rows])
        count += len(rows)
    return count
