"""publish: put the built tables into an immutable revision and switch readers to it. Computes nothing.

A revision is built under a hidden name, made durable, renamed, and only then pointed at: at
whatever moment this is killed, ``current`` is the old revision or the new one, whole.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from etl import __version__
from etl.errors import UserError
from etl.files import atomic_write, switch_link, sync_folder
from etl.home import Home
from etl.outcome import Outcome, StageResult
from etl.published.publication import DATABASE, MANIFEST
from etl.run import Run
from etl.warehouse import sqlfiles
from etl.warehouse.connection import Connection, open_to_read, open_warehouse, transaction
from etl.warehouse.ledger import record

_REVISION = re.compile(r"(\d{6})-[0-9a-f]{12}")


@dataclass(frozen=True)
class Revision:
    """A publication on disk, named ``<number>-<first digits of its content's hash>``."""

    folder: Path

    @property
    def number(self) -> int:
        """Counts up from 1 with every change of content."""
        return int(self.folder.name.split("-")[0])

    @property
    def content(self) -> str:
        """What it holds, as a hash: equal contents are the same publication."""
        return self.folder.name.split("-")[1]


def publish(run: Run) -> StageResult:
    """Publish what was built, unless ``current`` says exactly that already.

    Raises UserError when the written database does not read back as it was built.
    """
    revisions = run.home.published / "revisions"
    revisions.mkdir(parents=True, exist_ok=True)
    _clear_leftovers(revisions)
    building = revisions / ".building"
    with open_warehouse(run.home.warehouse) as connection:
        building.mkdir()
        counts = _write_tables(connection, building)
        plans = dict(connection.execute("select plan_id, plan_title from raw.plan order by plan_id").fetchall())
    content = _content_hash(building)
    newest = _newest(revisions)
    if newest and newest.content == content:
        shutil.rmtree(building)
        switched = _point(run.home, newest)
        return _settle(run, _result(newest, "switched" if switched else "unchanged", counts))
    _verify(building / DATABASE, counts)
    revision = Revision(revisions / f"{newest.number + 1 if newest else 1:06d}-{content}")
    atomic_write(building / MANIFEST, _manifest(run, revision, building, counts, plans))
    _seal(building)
    building.rename(revision.folder)
    sync_folder(revisions)
    _point(run.home, revision)
    return _settle(run, _result(revision, "published", counts))


def _write_tables(connection: Connection, folder: Path) -> dict[str, int]:
    """The published tables as one DuckDB file and as Parquet, rows in the order of their grain."""
    connection.execute("set threads = 1")  # row groups, and so bytes, do not depend on the machine
    connection.execute(f"attach '{folder / DATABASE}' as publication (storage_version 'v1.0.0')")
    counts = {}
    for model in sqlfiles.models("published"):
        ordered = f"select * from published.{model.name} order by {', '.join(model.grain)}"
        connection.execute(f"create table publication.{model.name} as {ordered}")
        connection.execute(f"copy ({ordered}) to '{folder / model.name}.parquet' (format parquet)")
        counts[model.name] = _count(connection, f"publication.{model.name}")
        for statement in sqlfiles.comments(model, f"publication.{model.name}"):
            connection.execute(statement)
    connection.execute("detach publication")
    return counts


def _content_hash(folder: Path) -> str:
    """From the Parquet files: a DuckDB file's own bytes depend on how it was written."""
    total = hashlib.sha256()
    for path in sorted(folder.glob("*.parquet")):
        total.update(path.name.encode() + path.read_bytes())
    return total.hexdigest()[:12]


def _verify(database: Path, counts: dict[str, int]) -> None:
    """Reopen as a reader will: no write-ahead log beside it, every table there with its rows."""
    if database.with_name(f"{database.name}.wal").exists():
        raise UserError(str(database), "has a write-ahead log", "run the publish stage again")
    with open_to_read(database) as connection:
        read = {name: _count(connection, name) for name in counts}
    if read != counts:
        raise UserError(str(database), f"holds {read}, built were {counts}", "run the publish stage again")


def _manifest(run: Run, revision: Revision, folder: Path, counts: dict[str, int], plans: dict[str, str]) -> bytes:
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}
    manifest = {
        "revision": revision.folder.name,
        "as_of": run.as_of.isoformat(),
        "plans": plans,
        "plan_id": run.plan.plan_id,
        "plan_sha256": run.plan.sha256,
        "code_version": __version__,
        "row_counts": counts,
        "files": files,
    }
    return json.dumps(manifest, ensure_ascii=False, indent=1).encode()


def _seal(folder: Path) -> None:
    for path in folder.iterdir():
        path.chmod(0o444)
        sync_folder(path)  # opening and syncing works on a file as on a folder
    sync_folder(folder)


def _point(home: Home, revision: Revision) -> bool:
    target = Path("revisions") / revision.folder.name
    if home.current.is_symlink() and home.current.readlink() == target:
        return False
    switch_link(home.current, target)
    return True


def _newest(revisions: Path) -> Revision | None:
    found = [Revision(path) for path in revisions.iterdir() if _REVISION.fullmatch(path.name)]
    return max(found, key=lambda revision: revision.number, default=None)


def _clear_leftovers(revisions: Path) -> None:
    """What a killed publish left half done."""
    shutil.rmtree(revisions / ".building", ignore_errors=True)


def _count(connection: Connection, table: str) -> int:
    row = connection.execute(f"select count(*) from {table}").fetchone()
    return int(row[0]) if row else 0


def _result(revision: Revision, result: str, counts: dict[str, int]) -> StageResult:
    return StageResult("publish", (Outcome(revision.folder.name, result, "", sum(counts.values())),))


def _settle(run: Run, result: StageResult) -> StageResult:
    """Only now do the files behind it count as published: until then, every run offers them again."""
    with open_warehouse(run.home.warehouse) as connection, transaction(connection):
        connection.execute("update raw.built set is_published = true")
        record(connection, run, result)
    return result
