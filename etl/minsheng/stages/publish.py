"""publish: put the built tables into an immutable revision and switch readers to it. Computes nothing.

A revision is built under a hidden name, made durable, renamed, and only then pointed at: at
whatever moment this is killed, ``current`` is the old revision or the new one, whole. During a
roll-back that people have not released it is made all the same, and waits: readers stay where they are.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from minsheng.core.clock import county_time
from minsheng.core.codes import Result
from minsheng.core.files import locked
from minsheng.core.outcome import Outcome, StageResult
from minsheng.plan.run import Run
from minsheng.publication.chain import extend_chain
from minsheng.publication.content import TOLD_OF_SHOWING, content_hash
from minsheng.publication.descriptors import write_descriptors
from minsheng.publication.exports import labelled_tables, write_csvs, write_dictionary
from minsheng.publication.fewer import require_no_fewer
from minsheng.publication.hold import held_text, hold_in_force
from minsheng.publication.log import Entry, backfill, entries, log_shown
from minsheng.publication.manifest import Basis, manifest, read_basis
from minsheng.publication.revisions import Revision, all_revisions, current, point
from minsheng.publication.rollback import catch_up_log, keep_to_hold
from minsheng.publication.showing import Showing, tell_showing
from minsheng.publication.unchanged import Unchanged, find_unchanged, row_digests
from minsheng.publication.writing import (
    begin_building,
    open_built,
    revision_for,
    seal,
    write_again,
    write_database,
    write_parquet,
)
from minsheng.warehouse.connection import Connection, open_warehouse, transaction
from minsheng.warehouse.ledger import record
from minsheng.words import display


def publish(run: Run) -> StageResult:
    """Publish what was built, unless ``current`` says exactly that already; behind a roll-back it waits.

    A current revision that is damaged is followed by another of the same content. Raises UserError when less would be
    published than before and nobody has consented, or the written database does not read back as it was built.
    """
    return _settle(run, StageResult("publish", (_publish_files(run),)))


def _publish_files(run: Run) -> Outcome:
    home, building = run.home, begin_building(run.home)
    with locked(home.published), open_warehouse(home.warehouse) as connection:
        before = _published_before(connection)
        backfill(home, before)
        keep_to_hold(home)
        catch_up_log(home, run.moment)
        digests = row_digests(connection)
        unchanged = find_unchanged(home, digests)
        write_parquet(connection, building, unchanged)
        revision, result = revision_for(home, content_hash(building), [entry.revision for entry in before])
        detail, basis = _detail(run, result, before), read_basis(connection, run)
        is_known = revision.folder.exists()
        fewer = None if is_known and result != "switched" else require_no_fewer(home, basis)
        if is_known:
            shutil.rmtree(building)
        else:
            _tell(run, connection, revision, result, basis)
            counts = _write_files(connection, building, revision, basis, unchanged)
            seal(building, manifest(run, revision.name, basis, counts, digests, fewer), revision)
        if result in ("published", "switched"):
            point(home, revision)
            log_shown(home, run.moment, "published", revision, {})
        extend_chain(home, connection, run.moment)
    return Outcome(revision.name, result, detail or _held(run), _row_count(revision))


def _published_before(connection: Connection) -> list[Entry]:
    """All revisions this warehouse has published, newest first, and when each was first."""
    query = """
        select input, min(as_of)
        from raw.outcome
        where stage = 'publish' and result in ('published', 'switched')
        group by input
        order by input desc
    """
    rows = connection.execute(query).fetchall()
    return [Entry(county_time(moment), "published", {"to": name}) for name, moment in rows]


def _detail(run: Run, result: Result, before: list[Entry]) -> str:
    """What else is to be told: what is published in place of what was lost."""
    standing = current(run.home)
    if before and not all_revisions(run.home):
        return f"published/ 中没有以前的版本（上次发布的是 {before[0].revision}），可从备份恢复"
    if standing and result != "held" and not standing.is_whole:
        return f"{standing.name} 已损坏，不再展示；可从备份恢复，见 minsheng verify"
    return ""


def _held(run: Run) -> str:
    """Where readers stay and what waits, as long as a roll-back holds."""
    hold = hold_in_force(run.home)
    return held_text(run.home, hold) if hold else ""


def _tell(run: Run, connection: Connection, revision: Revision, result: Result, basis: Basis) -> None:
    """Have the tables say what readers were shown until now, and that they are shown this."""
    inputs = frozenset(str(row["submission_id"]) for row in basis.inputs)
    showing = Showing(entries(run.home), revision.name, run.moment, inputs, is_held=result == "held")
    tell_showing(connection, run.county.plans[-1].county_code, showing)


def _write_files(
    connection: Connection, building: Path, revision: Revision, basis: Basis, unchanged: Unchanged
) -> Mapping[str, int]:
    """The tables, and all for those who open files by hand, made from the database as a reader opens it."""
    from minsheng.publication.workbook import write_workbook

    write_again(connection, building, TOLD_OF_SHOWING)
    counts = write_database(connection, building)
    with open_built(building, counts) as built:
        tables = labelled_tables(built)
        write_csvs(built, tables, building, unchanged)
        write_dictionary(tables, building)
        write_descriptors(built, building)
        write_workbook(built, tables, building, _facts(revision.name, basis), basis.as_of)
    return counts


def _facts(name: str, basis: Basis) -> list[tuple[str, str]]:
    """What the first sheet of the workbook says of the whole."""
    plans = "、".join(str(plan["plan_title"]) for plan in basis.plans)
    made = "由系统从各单位报送的数据生成；在此修改不影响系统，下次发布会有新文件"
    return [("方案", plans), ("数据时点", display.moment(basis.as_of)), ("发布版本", name), ("说明", made)]


def _row_count(revision: Revision) -> int:
    return sum(revision.manifest.get("row_counts", {}).values())


def _settle(run: Run, result: StageResult) -> StageResult:
    """Only now do the files behind it count as published: until then, every run offers them again."""
    with open_warehouse(run.home.warehouse) as connection, transaction(connection):
        connection.execute("update raw.built set is_published = true")
        record(connection, run, result)
    return result
