"""publish: put the built tables into an immutable revision and switch readers to it. Computes nothing.

A revision is built under a hidden name, made durable, renamed, and only then pointed at: at
whatever moment this is killed, ``current`` is the old revision or the new one, whole.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from minsheng.core.codes import Result
from minsheng.core.outcome import Outcome, StageResult
from minsheng.plan.run import Run
from minsheng.publication.content import content_hash
from minsheng.publication.exports import write_csvs, write_dictionary
from minsheng.publication.fewer import require_no_fewer
from minsheng.publication.manifest import Basis, manifest, read_basis
from minsheng.publication.revisions import Revision, all_revisions, current, point
from minsheng.publication.writing import begin_building, open_built, revision_for, seal, write_tables
from minsheng.warehouse.connection import Connection, open_warehouse, transaction
from minsheng.warehouse.ledger import record
from minsheng.words import display

_HELD = "已人工退回，不再展示；minsheng publication release 重新展示"


def publish(run: Run) -> StageResult:
    """Publish what was built, unless ``current`` says exactly that already or people have taken it back.

    A current revision that is damaged is followed by another of the same content. Raises UserError when less would be
    published than before and nobody has consented, or the written database does not read back as it was built.
    """
    return _settle(run, StageResult("publish", (_publish_files(run),)))


def _publish_files(run: Run) -> Outcome:
    building = begin_building(run.home)
    with open_warehouse(run.home.warehouse) as connection:
        counts = write_tables(connection, building)
        basis, before = read_basis(connection, run), _published_before(connection)
    revision, result = revision_for(run.home, content_hash(building), before)
    detail, is_switch = _detail(run, result, before), result in ("published", "switched")
    fewer = require_no_fewer(run.home, basis) if is_switch else None
    if revision.folder.exists():
        shutil.rmtree(building)
    else:
        _write_exports(building, revision, basis, counts)
        seal(building, manifest(run, revision.name, basis, counts, fewer), revision)
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


def _write_exports(building: Path, revision: Revision, basis: Basis, counts: Mapping[str, int]) -> None:
    """Everything for those who open files by hand, made from the revision's own database as a reader opens it."""
    from minsheng.publication.workbook import write_workbook

    with open_built(building, counts) as connection:
        write_csvs(connection, building)
        write_dictionary(connection, building)
        write_workbook(connection, building, _facts(revision.name, basis), basis.as_of)


def _facts(name: str, basis: Basis) -> list[tuple[str, str]]:
    """What the first sheet of the workbook says of the whole."""
    plans = "、".join(str(plan["plan_title"]) for plan in basis.plans)
    made = "由系统从各单位报送的数据生成；在此修改不影响系统，下次发布会有新文件"
    return [("方案", plans), ("数据时点", display.moment(basis.as_of)), ("发布版本", name), ("说明", made)]


def _settle(run: Run, result: StageResult) -> StageResult:
    """Only now do the files behind it count as published: until then, every run offers them again."""
    with open_warehouse(run.home.warehouse) as connection, transaction(connection):
        connection.execute("update raw.built set is_published = true")
        record(connection, run, result)
    return result
