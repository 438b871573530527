"""Reading the way back: the published figure from the current revision, the rest from the warehouse and landing.

Writes nothing, and opens the warehouse only to read. What a file was found to say never changes once it is judged,
so the warehouse may be ahead of the publication without changing what is traced.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from minsheng.core.declarations import RULES
from minsheng.core.errors import UserError
from minsheng.core.files import digest
from minsheng.core.home import Home
from minsheng.landing import content_path
from minsheng.landing.editions import edition_at, edition_plan
from minsheng.plan.folder import OPENING
from minsheng.publication.revisions import DATABASE, of_earlier_version, open_revision
from minsheng.trace import queries
from minsheng.trace.asked import Asked
from minsheng.trace.judgement import FigureJudgement, MemberValue, TargetVersion, Values, Yardstick
from minsheng.trace.model import (
    Cell,
    Fault,
    File,
    GrantedWaiver,
    OpeningFigure,
    Original,
    RegisterMember,
    RuleOutcome,
    Stamp,
    Trace,
    Version,
)
from minsheng.validation.rules import load_rules
from minsheng.warehouse.connection import LACKING, Connection, Row, open_to_read

_UNNAMED = ("", "")


def read_traces(home: Home, asked: Asked) -> list[Trace]:
    """The way of every figure asked about, in order.

    Raises UserError when the warehouse does not hold what the publication rests on.
    """
    if not asked.figures:
        return []
    stamp = read_stamp(asked)
    with open_revision(asked.revision) as connection:
        published = [_read_published(connection, stamp, *figure) for figure in asked.figures]
    try:
        with open_to_read(home.warehouse) as connection:
            return [_read_behind(connection, home, one) for one in published]
    except LACKING as error:
        lacking = str(error).splitlines()[0]
        raise UserError("warehouse_of_earlier_version", home.warehouse, lacking=lacking) from error


@dataclass(frozen=True)
class _Published:
    """What the publication says of one figure."""

    stamp: Stamp
    figure: Row
    duty: Row | None
    versions: tuple[Version, ...]

    @property
    def key(self) -> Row:
        """By which it is found in the warehouse."""
        return {name: self.figure[name] for name in ("plan_id", "period", "indicator_code")}


def _read_published(connection: Connection, stamp: Stamp, period: str, indicator_code: str) -> _Published:
    key = {"plan_id": stamp.plan_id, "period": period, "indicator_code": indicator_code}
    (figure,) = queries.rows(connection, queries.FIGURE, key)
    lead = {"plan_id": stamp.plan_id, "period": period, "unit_code": figure["lead_unit_code"]}
    duties = queries.rows(connection, queries.DUTY, lead)
    versions = tuple(Version(**row) for row in queries.rows(connection, queries.VERSIONS, key))
    return _Published(stamp, figure, duties[0] if duties else None, versions)


def read_stamp(asked: Asked) -> Stamp:
    """What the revision says of itself; raises UserError when an earlier version of minsheng wrote it."""
    revision, plan_id = asked.revision, asked.plan_id
    manifest = revision.manifest
    try:
        return Stamp(
            plan_id=plan_id,
            plan_title=manifest["plans"].get(plan_id, plan_id),
            revision=manifest["revision"],
            as_of=datetime.fromisoformat(manifest["as_of"]),
            code_version=manifest["code_version"],
            plan_sha256=manifest["plan_hashes"].get(plan_id, ""),
            database_sha256=manifest["files"][DATABASE],
            found_sha256=digest(revision.folder / DATABASE),
            inputs=frozenset(each["submission_id"] for each in manifest["inputs"]),
            is_issued=asked.bulletin is not None,
        )
    except KeyError as error:
        raise of_earlier_version(revision, f"its manifest does not say {error}") from error


def _read_behind(connection: Connection, home: Home, published: _Published) -> Trace:
    stamp, figure, key = published.stamp, published.figure, published.key
    unit = {"plan_id": stamp.plan_id, "period": key["period"], "unit_code": figure["lead_unit_code"]}
    yardstick = _yardstick(connection, key)
    files = tuple(as_file(row, stamp) for row in queries.rows(connection, queries.FILES, unit | key))
    values = _values(connection, key, files)
    _require_held(home, published, values.keys())
    source = next((file for file in files if file.submission_id == figure["submission_id"]), None)
    judged = {"submission_id": figure["submission_id"], "indicator_code": key["indicator_code"]}
    of_files = {"files": [file.submission_id for file in files], "indicator_code": key["indicator_code"]}
    return Trace(
        stamp=stamp,
        figure=figure,
        duty=published.duty,
        due_at=queries.rows(connection, queries.DUE, unit)[0]["due_at"],
        yardstick=yardstick,
        judgement=_judgement(connection, home, figure, key),
        values=values,
        member_values=tuple(MemberValue(**row) for row in queries.rows(connection, queries.MEMBER_VALUES, judged)),
        members=tuple(RegisterMember(**row) for row in queries.rows(connection, queries.MEMBERS, key)),
        opening=_opening(connection, home, key, source) if source else None,
        source=source,
        original=_original(home, stamp.plan_id, source) if source else None,
        files=files,
        cells=tuple(Cell(**row) for row in queries.rows(connection, queries.CELLS, of_files)),
        faults=tuple(Fault(**row) for row in queries.rows(connection, queries.FAULTS, of_files)),
        rule_results=_rule_results(connection, judged),
        current_rules_version=load_rules(RULES).version,
        waivers=tuple(GrantedWaiver(**row) for row in queries.rows(connection, queries.WAIVERS, judged)),
        versions=published.versions,
    )


def _yardstick(connection: Connection, key: Row) -> Yardstick:
    found = queries.rows(connection, queries.YARDSTICK, key)
    if not found:
        raise UserError("warehouse_lacks_plan", key["plan_id"])
    targets = tuple(TargetVersion(**row) for row in queries.rows(connection, queries.TARGETS, key))
    return Yardstick(**found[0], targets=targets)


def _opening(connection: Connection, home: Home, key: Row, source: File) -> OpeningFigure | None:
    """What the figure's file was compared with for want of an accepted month, as the plan said when it came."""
    edition = edition_at(home, key["plan_id"], source.received_at)
    if edition is None or OPENING not in edition.files:
        return None
    about = (key["indicator_code"], None, None)
    began = next((one for one in edition_plan(home, edition).opening if one.key == about), None)
    known = queries.rows(connection, queries.EARLIER, key | {"received_at": source.received_at})
    if began is None or began.period >= key["period"] or any(row["period"] >= began.period for row in known):
        return None
    return OpeningFigure(began.period, began.value, began.basis)


def _judgement(connection: Connection, home: Home, figure: Row, key: Row) -> FigureJudgement | None:
    """Of the version that was published, whatever has come since; null: none was."""
    if figure["revision_no"] is None:
        return None
    found = queries.rows(connection, queries.JUDGEMENT, key | {"revision_no": figure["revision_no"]})
    if not found:
        raise UserError("warehouse_lacks_judgement", home.warehouse, version=figure["revision_no"])
    return FigureJudgement(**found[0])


def _values(connection: Connection, key: Row, files: Sequence[File]) -> dict[str, Values]:
    of_files = key | {"files": [file.submission_id for file in files]}
    rows = queries.rows(connection, queries.VALUES, of_files)
    return {row.pop("submission_id"): Values(**row) for row in rows}


def as_file(row: Row, stamp: Stamp) -> File:
    """Of accepted files the manifest says which it rests on; of others, those that had come are in its counts."""
    is_in = row["submission_id"] in stamp.inputs if row["accepted_at"] else row["received_at"] <= stamp.as_of
    return File(**row, is_published=is_in)


def _require_held(home: Home, published: _Published, held: Collection[str]) -> None:
    rests_on = [version.submission_id for version in published.versions]
    lacking = sorted(set(rests_on) - set(held))
    if lacking:
        raise UserError("warehouse_lacks_submission", home.warehouse, submissions=lacking)


def _original(home: Home, plan_id: str, file: File) -> Original:
    path = content_path(home, plan_id, file.sha256)
    found = digest(path) if path.is_file() else None
    return Original(path.relative_to(home.root).as_posix(), found)


def _rule_results(connection: Connection, key: Row) -> tuple[RuleOutcome, ...]:
    known = {rule.code: (rule.title, rule.severity) for rule in load_rules(RULES).rules}
    results = []
    for row in queries.rows(connection, queries.RULE_RESULTS, key):
        title, severity = known.get(row["rule_code"], _UNNAMED)
        results.append(RuleOutcome(**row, title=title, severity=severity))
    return tuple(results)
