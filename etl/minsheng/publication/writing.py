"""Writing a revision: its tables, what is made of them, its manifest; sealed, and put where readers find it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from minsheng.core.codes import Result
from minsheng.core.errors import UserError
from minsheng.core.files import atomic_write, digest, make_folder, move, sync_file, sync_folder
from minsheng.core.home import Publisher
from minsheng.core.layout import PUBLISHED_MODE
from minsheng.publication.hold import hold_in_force
from minsheng.publication.keys import KEYS, key
from minsheng.publication.labels import literal, quoted, schema_sql, statements
from minsheng.publication.revisions import DATABASE, MANIFEST, SCHEMA, Revision, all_revisions, current, folder_of
from minsheng.publication.unchanged import NOTHING, Unchanged
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection, open_to_read, transaction

# The format that DuckDB 1.1 and all after it read, in its smallest blocks: a table takes one at the least, and most of
# ours would fill a twentieth of one of the usual size.
_FORMAT = "storage_version 'v1.0.0', block_size 16384"

# The file of a publication without rows, by the schema it was laid out from: to do so takes as long as to fill it.
_laid_out: dict[str, bytes] = {}


def begin_building(publisher: Publisher) -> Path:
    """An empty folder for the next revision; what a killed publish left half done is gone."""
    building = folder_of(publisher) / ".building"
    shutil.rmtree(building, ignore_errors=True)
    for folder in (publisher.published, building.parent, building):
        make_folder(folder, PUBLISHED_MODE)
    return building


def write_parquet(connection: Connection, building: Path, unchanged: Unchanged = NOTHING) -> None:
    """Schema ``published`` as Parquet, rows in the order of their grain, and what defines its tables and views."""
    atomic_write(building / SCHEMA, schema_sql(connection).encode())
    for model in sqlfiles.models("published"):
        if not unchanged.take(model.name, f"{model.name}.parquet", building):
            _write_table(connection, building, model)


def write_again(connection: Connection, building: Path, tables: Collection[str]) -> None:
    """Some of the tables, which have changed since."""
    for model in sqlfiles.models("published"):
        if model.name in tables:
            _write_table(connection, building, model)


def write_database(connection: Connection, building: Path) -> dict[str, int]:
    """The same as one DuckDB file; gives the number of rows of each table."""
    schema = (building / SCHEMA).read_text(encoding="utf-8")
    database = building / DATABASE
    if schema not in _laid_out:
        with _attached(connection, database), transaction(connection):
            _execute_inside(connection, [one for one in statements(schema) if not one.startswith(KEYS)])
        _laid_out[schema] = database.read_bytes()
    database.write_bytes(_laid_out[schema])
    with _attached(connection, database), transaction(connection):  # not one a statement: each would wait for the disk
        return {model.name: _insert(connection, model) for model in sqlfiles.models("published")}


def revision_for(publisher: Publisher, content: str, before: Sequence[str] = ()) -> tuple[Revision, Result]:
    """Which revision holds this content, and what is to become of it; one that is damaged holds nothing.

    ``before``: the names of all that were ever published, also of those no longer kept. During a hold the newest
    revision is always what was built last, so that a release shows that: it waits (``held``).
    """
    standing, revisions = current(publisher), all_revisions(publisher)
    newest = next((one for one in revisions[-1:] if one.content == content and one.is_whole), None)
    numbers = [one.number for one in (*revisions, *(Revision(Path(name)) for name in before))]
    following = Revision(folder_of(publisher) / f"{max(numbers, default=0) + 1:06d}-{content}")
    if hold_in_force(publisher):
        is_shown = newest is not None and standing is not None and newest.name == standing.name
        return newest or following, "unchanged" if is_shown else "held"
    if standing and standing.content == content and standing.is_whole:
        return standing, "unchanged"
    return (newest, "switched") if newest else (following, "published")


@contextmanager
def open_built(building: Path, counts: Mapping[str, int]) -> Iterator[Connection]:
    """The written database as its readers open it; raises UserError if it does not hold as many rows as were built."""
    database = building / DATABASE
    if database.with_name(f"{DATABASE}.wal").exists():
        raise UserError("revision_with_log", database)
    with open_to_read(database) as connection:
        found = _counts(connection, counts)
        if found != counts:
            raise UserError("revision_rows_differ", database, found=found, built=counts)
        yield connection


def seal(building: Path, manifest: Mapping[str, object], revision: Revision) -> None:
    """Write the manifest with the hash of every file, make all of it durable, and give it its name."""
    files = {path.name: digest(path) for path in sorted(building.iterdir())}
    atomic_write(building / MANIFEST, json.dumps({**manifest, "files": files}, ensure_ascii=False, indent=1).encode())
    for path in building.iterdir():
        path.chmod(0o444)
        sync_file(path)
    sync_folder(building)
    move(building, revision.folder)


def _ordered(model: sqlfiles.Model) -> str:
    names = ", ".join(dict.fromkeys([*model.grain, *key(model)]))  # two counties may send the same file
    return f"select * from {model.full_name} order by {names}"


@contextmanager
def _attached(connection: Connection, database: Path) -> Iterator[None]:
    """With the file as the database ``publication``; it is whole when this ends."""
    connection.execute(f"attach {literal(str(database))} as publication ({_FORMAT})")
    try:
        yield
    finally:
        connection.execute("detach publication")


def _execute_inside(connection: Connection, listed: list[str]) -> None:
    """Execute statements in which names without a database mean those of ``publication``."""
    outside = connection.execute("select current_database()").fetchone()
    connection.execute("use publication")
    for statement in listed:
        connection.execute(statement)
    connection.execute(f"use {quoted(outside[0] if outside else '')}")


def _write_table(connection: Connection, building: Path, model: sqlfiles.Model) -> None:
    parquet = literal(f"{building / model.name}.parquet")
    connection.execute(f"copy ({_ordered(model)}) to {parquet} (format parquet)")


def _insert(connection: Connection, model: sqlfiles.Model) -> int:
    row = connection.execute(f"insert into publication.{model.name} {_ordered(model)}").fetchone()
    return int(row[0]) if row else 0


def _counts(connection: Connection, tables: Iterable[str]) -> dict[str, int]:
    """The number of rows of each, in one question: to plan one takes longer than to count."""
    query = " union all ".join(f"select '{table}', count(*) from {table}" for table in tables)
    return dict(connection.execute(query).fetchall())
