"""report: make the pages people read: of the months from the current publication only, of quality from the record."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from minsheng.core.errors import UserError
from minsheng.core.files import atomic_write
from minsheng.core.outcome import Outcome, StageResult
from minsheng.landing.decisions import decisions_at
from minsheng.landing.editions import as_received
from minsheng.landing.originals import link_original
from minsheng.plan.run import Run
from minsheng.publication.details import Details, read_details
from minsheng.publication.freezes import Freeze, freezes, log_issued
from minsheng.publication.publication import Month, Publication, read_publication
from minsheng.publication.revisions import find, require_current
from minsheng.validation.datadocs import quality_pages
from minsheng.views.report.pages import Pages
from minsheng.views.report.standing import Freezes, opening_month
from minsheng.warehouse.connection import open_warehouse
from minsheng.warehouse.ledger import keep

_ISSUED_MODE = 0o440  # nobody writes over it by mistake
_CHANGED = "与定稿时的页面不完全相同：定稿之后程序有过改动"


def report(run: Run) -> StageResult:
    """A page a month, one on a single sheet, a page an indicator, one of exceptions, ``index.html`` to open first.

    And the quality pages.

    What is already there as it would be made stays untouched. Of a frozen month the page issued then stands beside it
    for good: it is made once, and again only if it is lost. Raises UserError if nothing is published.
    """
    frozen = freezes(run.home)
    publications = [read_publication(run.home, plan.plan_id) for plan in run.county.plans]
    made = tuple(outcome for publication in publications for outcome in _of_year(run, publication, frozen))
    _front(run, publications, frozen)
    made += tuple(outcome for one in frozen.values() for outcome in _issued(run, one))
    with open_warehouse(run.home.warehouse) as connection:
        quality_pages(connection, run)
    return keep(run, StageResult("report", made))


def _of_year(run: Run, publication: Publication, frozen: Freezes) -> list[Outcome]:
    """The pages of a plan: its months, and its indicators as of the month that counts."""
    pages = Pages(run.county.plan(publication.plan_id), publication, frozen)
    folder = run.home.reports / publication.plan_id
    outcomes = [_month(folder, pages, month) for month in publication.months]
    if opened := opening_month([publication], frozen):
        told = read_details(require_current(run.home), publication.plan_id)
        _indicators(run, folder / "indicators", pages, opened[1], told)
        decided = decisions_at(run.home, publication.plan_id, publication.as_of)
        _write(folder / "exceptions.html", pages.exceptions(opened[1], told, decided))
    return outcomes


def _month(folder: Path, pages: Pages, month: Month) -> Outcome:
    path = folder / f"{month.period}.html"
    is_new = _write(path, pages.month(month))
    _write(folder / f"{month.period}.一页.html", pages.front(month))
    return Outcome(path.name, "made" if is_new else "unchanged", "", len(month.indicators))


def _indicators(run: Run, folder: Path, pages: Pages, now: Month, told: Mapping[str, Details]) -> None:
    """The pages of the indicators of which anything is new, and then the one with all lines."""
    for details in told.values():
        _link_originals(run, pages.publication.plan_id, details)
    known = {row["indicator_code"] for row in now.indicators}
    outdated = [
        indicator
        for indicator in pages.plan.indicators
        if indicator.code in known
        and not _is_drawn(
            folder / f"{indicator.code}.html", pages.digest(indicator, now, told.get(indicator.code, Details()))
        )
    ]
    for indicator in outdated:
        page = pages.indicator(indicator, now, told.get(indicator.code, Details()))
        atomic_write(folder / f"{indicator.code}.html", page)
    if outdated or not (folder / "index.html").exists():
        atomic_write(folder / "index.html", pages.lines(now))


def _link_originals(run: Run, plan_id: str, details: Details) -> None:
    """Have the files that an indicator's page leads to under their own names, for those who may read landing."""
    for one in {row["submission_id"]: row for row in details.cells}.values():
        link_original(run.home, plan_id, one["submission_id"], one["file_name"], one["sha256"])


def _front(run: Run, publications: list[Publication], frozen: Freezes) -> None:
    """What one opens first: the month that counts, on one page."""
    if opened := opening_month(publications, frozen):
        publication, month = opened
        pages = Pages(run.county.plan(publication.plan_id), publication, frozen)
        _write(run.home.reports / "index.html", pages.front(month, f"{publication.plan_id}/"))


def _write(path: Path, page: bytes) -> bool:
    """Put a page there unless it is there already; whether it was new."""
    if path.exists() and path.read_bytes() == page:
        return False
    atomic_write(path, page)
    return True


def _is_drawn(path: Path, digest: str) -> bool:
    """Whether a whole page made from this is there."""
    page = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    return digest in page[:1000] and page.rstrip().endswith("</html>")


def _issued(run: Run, frozen: Freeze) -> list[Outcome]:
    """The page of a frozen month, if it is not there; what cannot be made is said, and stops no other page."""
    path = run.home.reports / frozen.plan_id / frozen.page
    if path.exists() or frozen.plan_id not in run.county.plan_ids:
        return []
    try:
        page = _issued_page(run, frozen)
    except UserError as error:
        return [Outcome(path.name, "warned", str(error))]
    atomic_write(path, page)
    path.chmod(_ISSUED_MODE)
    sha256 = hashlib.sha256(page).hexdigest()
    if not frozen.page_sha256:
        log_issued(run.home, run.moment, frozen, sha256)
    is_same = frozen.page_sha256 in ("", sha256)
    return [Outcome(path.name, "made" if is_same else "warned", "" if is_same else _CHANGED)]


def _issued_page(run: Run, frozen: Freeze) -> bytes:
    """Made from the revision the month was frozen on and the plan of then: the same whenever it is made again."""
    then = as_received(replace(run, as_of=frozen.freeze_at))
    revision = find(run.home, frozen.revision).require_whole()
    publication = read_publication(run.home, frozen.plan_id, revision)
    before = {key: one for key, one in freezes(run.home).items() if one.freeze_at <= frozen.freeze_at}
    pages = Pages(then.county.plan(frozen.plan_id), publication, before)
    return pages.issued(publication.month(frozen.period))
