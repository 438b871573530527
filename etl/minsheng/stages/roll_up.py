"""roll up: what is published of all counties together, from what each of them has published. Judges nothing.

With one county ``HOME/published/current`` leads to that county's own publication; with more it is a revision of its
own, with the same tables. Either way BI tools open the same path.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from minsheng.core.declarations import code_version
from minsheng.core.errors import UserError
from minsheng.core.files import locked, make_folder, switch_link
from minsheng.core.home import Home, Installation
from minsheng.core.layout import PUBLISHED_MODE
from minsheng.core.outcome import Outcome, StageResult
from minsheng.publication.content import content_hash
from minsheng.publication.descriptors import write_descriptors
from minsheng.publication.exports import labelled_tables, write_csvs, write_dictionary
from minsheng.publication.hold import held_text, hold_in_force
from minsheng.publication.log import entries, in_order, log_shown
from minsheng.publication.revisions import Revision, point, require_current
from minsheng.publication.stacking import stack
from minsheng.publication.writing import begin_building, open_built, revision_for, seal, write_database, write_parquet
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import open_warehouse

_CLAIMED = "方案 {plans} 已在 {county} 的目录中：一个方案只在一个县的目录里，没有并入；请移走多余的目录"
_EARLIER = "现行版本 {revision} 是较早的程序发布的，缺少 {tables}；该县再次发布后并入"


def roll_up(installation: Installation, spark_address: str | None = None) -> StageResult:
    """Publish all counties' current revisions as one, unless that is published already.

    ``spark_address``: have Spark put their rows together. Where it fails, so does what is published of all of them
    (``failed``), which stays as it was; what each of them has published is not touched.

    A county that has published nothing is not in it; nor is one whose revision cannot be used until it publishes
    again: that is an outcome ``outdated`` or ``failed``. One taken back is in it as readers see it (``held``).
    """
    homes = [installation.home(county) for county in installation.counties]
    published = [home for home in homes if home.current.exists()]
    if not published:
        return StageResult("roll_up")
    make_folder(installation.published, PUBLISHED_MODE)
    with locked(installation.published):
        if len(homes) == 1:
            shown = [_show(installation, published[0])]
        else:
            shown = _merge(installation, published, spark_address)
        return StageResult("roll_up", (*shown, *_held(published)))


def _held(homes: Sequence[Home]) -> list[Outcome]:
    """The counties whose readers people have sent back, and what waits of them."""
    found = ((home, hold_in_force(home)) for home in homes)
    return [Outcome(home.county, "held", held_text(home, hold)) for home, hold in found if hold]


def _show(installation: Installation, home: Home) -> Outcome:
    """Lead readers to the one county there is."""
    target = Path("..") / home.county / home.current.relative_to(home.root)
    is_shown = installation.current.is_symlink() and installation.current.readlink() == target
    if not is_shown:
        switch_link(installation.current, target)
    return Outcome(home.county, "unchanged" if is_shown else "switched")


def _merge(installation: Installation, published: Sequence[Home], spark_address: str | None) -> list[Outcome]:
    found: dict[str, Revision | Outcome] = {}
    for home in published:
        found[home.county] = _unless_claimed(home, _source(home), found)
    left_out = [one for one in found.values() if isinstance(one, Outcome)]
    merged = {county: one for county, one in found.items() if isinstance(one, Revision)}
    return [*([_publish(installation, merged, spark_address)] if merged else ()), *left_out]


def _source(home: Home) -> Revision | Outcome:
    """The revision a county's readers are on, or why it cannot be taken."""
    try:
        revision = require_current(home).require_whole()
    except UserError as error:
        return Outcome(home.county, "failed", str(error))
    names = (model.name for model in sqlfiles.declared("published"))
    missing = [name for name in names if not (revision.folder / f"{name}.parquet").exists()]
    if missing:
        return Outcome(home.county, "outdated", _EARLIER.format(revision=revision.name, tables="、".join(missing)))
    return revision


def _unless_claimed(
    home: Home, source: Revision | Outcome, before: Mapping[str, Revision | Outcome]
) -> Revision | Outcome:
    """The same, but for a county whose plan another has already: its rows would stand twice."""
    if isinstance(source, Revision):
        for county, one in before.items():
            shared = source.manifest["plans"].keys() & one.manifest["plans"].keys() if isinstance(one, Revision) else ()
            if shared:
                return Outcome(home.county, "failed", _CLAIMED.format(plans="、".join(sorted(shared)), county=county))
    return source


def _publish(installation: Installation, sources: dict[str, Revision], spark_address: str | None) -> Outcome:
    building = begin_building(installation)
    with open_warehouse(None) as connection:
        try:
            stack(connection, list(sources.values()), spark_address)
        except UserError as error:
            return Outcome("Spark", "failed", str(error))
        write_parquet(connection, building)
        revision, result = revision_for(installation, content_hash(building))
        counts = write_database(connection, building)
    if revision.folder.exists():
        shutil.rmtree(building)
    else:
        with open_built(building, counts) as connection:
            tables = labelled_tables(connection)
            write_csvs(connection, tables, building)
            write_dictionary(tables, building)
            write_descriptors(connection, building)
        seal(building, _manifest(revision, sources, counts), revision)
    if result in ("published", "switched"):
        point(installation, revision)
        log_shown(installation, _moment(installation, sources), "published", revision, {})
    return Outcome(revision.name, result, "", sum(counts.values()))


def _moment(installation: Installation, sources: dict[str, Revision]) -> datetime:
    """When the last of the counties was published, taken back or released: that is what this follows."""
    told = (in_order(entries(installation.home(county))) for county in sources)
    return max((entry.at for found in told for entry in found), default=max(one.as_of for one in sources.values()))


def _manifest(revision: Revision, sources: dict[str, Revision], counts: dict[str, int]) -> dict[str, object]:
    """What it rests on: a revision of each county, which says itself what that rests on."""
    manifests = [source.manifest for source in sources.values()]
    months = sorted(month for source in sources.values() for month in source.months)
    return {
        "revision": revision.name,
        "as_of": max(source.as_of for source in sources.values()).isoformat(),
        "counties": {county: source.name for county, source in sources.items()},
        "plan_id": max(months, key=lambda month: (month[1], month[0]), default=("", ""))[0],
        "plans": {plan_id: title for one in manifests for plan_id, title in one["plans"].items()},
        "months": months,
        "code_version": code_version(),
        "row_counts": counts,
    }
