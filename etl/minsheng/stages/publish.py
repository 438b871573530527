"""publish: put the built tables into an immutable revision and switch readers to it. Computes nothing.

A revision is built under a hidden name, made durable, renamed, and only then pointed at: at
whatever moment this is killed, ``current`` is the old revision or the new one, whole.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from minsheng.core.errors import UserError
from minsheng.core.files import atomic_write, make_folder, move, sync_file, sync_folder
from minsheng.core.layout import PUBLISHED_MODE
from minsheng.core.outcome import Outcome, StageResult
from minsheng.plan.run import Run
from minsheng.publication.content import content_hash
from minsheng.publication.exports import write_csvs, write_dictionary
from minsheng.publication.fewer import require_no_fewer
from minsheng.publication.labels import literal, quoted, schema_sql, statements
from minsheng.publication.manifest import Basis, manifest_json, read_basis
from minsheng.publication.revisions import (
    DATABASE,
    MANIFEST,
    SCHEMA,
    Revision,
    all_revisions,
    current,
    folder_of,
    point,
)
from minsheng.publication.rollback import hold_in_force
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection, open_to_read, open_warehouse, transaction
from minsheng.warehouse.ledger import record
from minsheng.words import display
from minsheng.words.codes import Result

_HELD = "已人工退回，不再展示；minsheng publication release 重新展示"


def publish(run: Run) -> StageResult:
    """Publish what was built, unless ``current`` says exactly that already or people have taken it back.

    A current revision that is damaged is followed by another of the same content. Raises UserError when less would be
    published than before and nobody has consented, or the written database does not read back as it was built.
    """
    return _settle(run, StageResult("publish", (_publish_files(run),)))


def _publish_files(run: Run) -> Outcome:
    building = folder_of(run.home) / ".building"
    shutil.rmtree(building, ignore_errors=True)  # what a killed publish left half done
    for folder in (run.home.published, building.parent, building):
        make_folder(folder, PUBLISHED_MODE)
    with open_warehouse(run.home.warehouse) as connection:
        counts = _write_tables(connection, building)
        basis, before = read_basis(connection, run), _published_before(connection)
    revision, result = _decide(run, content_hash(building), before)
    detail, is_switch = _detail(run, result, before), result in ("published", "switched")
    fewer = require_no_fewer(run.home, basis) if is_switch else None
    if revision.folder.exists():
        shutil.rmtree(building)
    else:
        _complete(run, building, revision.name, basis, counts, fewer)
        move(building, revision.folder)
    if is_switch:
        point(run.home, revision)
    return Outcome(revision.name, result, detail, sum(counts.values()))


def _published_before(connection: Connection) -> list[str]:
    """The names of all revisions this warehouse has published, newest first."""
    query = """
        select distinct input
        from raw.outcome
        where stage = 'publish' and result in ('published', 'switched')
        order by input desc
    """
    return [name for (name,) in connection.execute(query).fetchall()]


def _decide(run: Run, content: str, before: Sequence[str]) -> tuple[Revision, Result]:
    """Which revision holds this content, and what is to become of it; one that is damaged holds nothing."""
    standing, hold = current(run.home), hold_in_force(run.home)
    if standing and standing.content == content and standing.is_whole:
        return standing, "unchanged"
    revisions = all_revisions(run.home)
    same = [revision for revision in revisions if revision.content == content and revision.is_whole]
    if hold and same and same[-1].name in hold.withdrawn:
        return same[-1], "held"
    if same and same[-1] == revisions[-1]:
        return same[-1], "switched"
    numbers = [one.number for one in (*revisions, *(Revision(Path(name)) for name in before))]
    return Revision(folder_of(run.home) / f"{max(numbers, default=0) + 1:06d}-{content}"), "published"


def _detail(run: Run, result: Result, before: Sequence[str]) -> str:
    """What else is to be told: why nothing is shown, or what is published in place of what was lost."""
    if result == "held":
        return _HELD
    standing = current(run.home)
    if before and not all_revisions(run.home):
        return f"published/ 中没有以前的版本（上次发布的是 {before[0]}），可从备份恢复"
    if standing and not standing.is_whole:
        return f"{standing.name} 已损坏，不再展示；可从备份恢复，见 minsheng verify"
    return ""


def _write_tables(connection: Connection, folder: Path) -> dict[str, int]:
    """The published tables as one DuckDB file and as Parquet, rows in the order of their grain."""
    connection.execute("set threads = 1")  # row groups, and so bytes, do not depend on the machine
    schema = schema_sql(connection)
    atomic_write(folder / SCHEMA, schema.encode())
    connection.execute(f"attach {literal(str(folder / DATABASE))} as publication (storage_version 'v1.0.0')")
    with transaction(connection):  # not one a statement: each would wait for the disk
        _execute_inside(connection, "publication", statements(schema))
        for model in sqlfiles.models("published"):
            connection.execute(f"insert into publication.{model.name} {_ordered(model)}")
    connection.execute("detach publication")
    for model in sqlfiles.models("published"):
        parquet = literal(f"{folder / model.name}.parquet")
        connection.execute(f"copy ({_ordered(model)}) to {parquet} (format parquet)")
    return {model.name: _count(connection, model.full_name) for model in sqlfiles.models("published")}


def _ordered(model: sqlfiles.Model) -> str:
    return f"select * from {model.full_name} order by {', '.join(model.grain)}"


def _execute_inside(connection: Connection, database: str, listed: list[str]) -> None:
    """Execute statements in which names without a database mean those of ``database``."""
    outside = connection.execute("select current_database()").fetchone()
    connection.execute(f"use {database}")
    for statement in listed:
        connection.execute(statement)
    connection.execute(f"use {quoted(outside[0] if outside else '')}")


def _complete(
    run: Run, building: Path, name: str, basis: Basis, counts: dict[str, int], fewer: Mapping[str, object] | None
) -> None:
    """Everything else a revision has, made from its own database as a reader opens it; then seal it all."""
    from minsheng.publication.workbook import write_workbook

    if (building / f"{DATABASE}.wal").exists():
        raise UserError(str(building / DATABASE), "has a write-ahead log", "run the publish stage again")
    with open_to_read(building / DATABASE) as connection:
        _verify(building / DATABASE, counts, {table: _count(connection, table) for table in counts})
        write_csvs(connection, building)
        write_dictionary(connection, building)
        write_workbook(connection, building, _facts(name, basis), basis.as_of)
    atomic_write(building / MANIFEST, manifest_json(run, name, basis, counts, building, fewer))
    _seal(building)


def _verify(database: Path, built: dict[str, int], read: dict[str, int]) -> None:
    if read != built:
        raise UserError(str(database), f"holds {read}, built were {built}", "run the publish stage again")


def _facts(name: str, basis: Basis) -> list[tuple[str, str]]:
    """What the first sheet of the workbook says of the whole."""
    plans = "、".join(str(plan["plan_title"]) for plan in basis.plans)
    made = "由系统从各单位报送的数据生成；在此修改不影响系统，下次发布会有新文件"
    return [("方案", plans), ("数据时点", display.moment(basis.as_of)), ("发布版本", name), ("说明", made)]


def _seal(folder: Path) -> None:
    for path in folder.iterdir():
        path.chmod(0o444)
        sync_file(path)
    sync_folder(folder)


def _count(connection: Connection, table: str) -> int:
    row = connection.execute(f"select count(*) from {table}").fetchone()
    return int(row[0]) if row else 0


def _settle(run: Run, result: StageResult) -> StageResult:
    """Only now do the files behind it count as published: until then, every run offers them again."""
    with open_warehouse(run.home.warehouse) as connection, transaction(connection):
        connection.execute("update raw.built set is_published = true")
        record(connection, run, result)
    return result
