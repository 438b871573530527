"""report: make the pages people read: of the months from the current publication only, of quality from the record."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from minsheng.core.declarations import RULES
from minsheng.core.errors import UserError
from minsheng.core.files import atomic_write
from minsheng.core.outcome import Outcome, StageResult
from minsheng.landing.editions import as_received
from minsheng.plan.models import Plan
from minsheng.plan.run import Run
from minsheng.publication.freezes import Freeze, freezes, log_issued
from minsheng.publication.publication import Month, Publication, read_publication
from minsheng.publication.revisions import find
from minsheng.validation.datadocs import quality_pages
from minsheng.validation.rules import load_rules
from minsheng.views import explain
from minsheng.views.amendments import amendments
from minsheng.warehouse.connection import open_warehouse
from minsheng.warehouse.ledger import keep
from minsheng.words import display
from minsheng.words.chinese import chinese

Freezes = Mapping[tuple[str, str], Freeze]

_ISSUED_MODE = 0o440  # nobody writes over it by mistake
_CHANGED = "与定稿时的页面不完全相同：定稿之后程序有过改动"


def report(run: Run) -> StageResult:
    """One self-contained page a month, ``index.html`` for the latest, and the quality pages that are out of date.

    Of a frozen month the page issued then stands beside it for good: it is made once, and again only if it is lost.
    Raises UserError if nothing is published.
    """
    frozen = freezes(run.home)
    made = tuple(outcome for plan in run.county.plans for outcome in _months(run, plan, frozen))
    made += tuple(outcome for one in frozen.values() for outcome in _issued(run, one))
    with open_warehouse(run.home.warehouse) as connection:
        quality_pages(connection, run)
    return keep(run, StageResult("report", made))


def _months(run: Run, plan: Plan, frozen: Freezes) -> list[Outcome]:
    """The pages of a year; the last month's is what one opens first, until a later year has one."""
    publication = read_publication(run.home, plan.plan_id)
    template = _template(plan)
    for month in publication.months:
        page = _page(template, publication, month, frozen.get((plan.plan_id, month.period)))
        atomic_write(run.home.reports / plan.plan_id / f"{month.period}.html", page)
    if publication.months:
        last = publication.months[-1]
        latest = _page(template, publication, last, frozen.get((plan.plan_id, last.period)), f"{plan.plan_id}/")
        atomic_write(run.home.reports / "index.html", latest)
    return [Outcome(f"{month.period}.html", "made", "", len(month.indicators)) for month in publication.months]


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
    template = _template(then.county.plan(frozen.plan_id))
    return _page(template, publication, publication.month(frozen.period), frozen, is_issued=True)


def _page(
    template: Template,
    publication: Publication,
    month: Month,
    frozen: Freeze | None,
    links: str = "",
    *,
    is_issued: bool = False,
) -> bytes:
    shown = {"publication": publication, "month": month, "links": links, "frozen": frozen, "is_issued": is_issued}
    return template.render(shown).encode()


def _template(plan: Plan) -> Template:
    environment = Environment(
        loader=PackageLoader("minsheng.views", "pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {
        "percent": display.percent,
        "points": display.points,
        "quantity": display.quantity,
        "rounded": display.rounded,
        "moment": display.moment,
        "month_name": display.month_name,
    }
    titles = {rule.code: rule.title for rule in load_rules(RULES).rules}
    known = {
        "display": display,
        "chinese": chinese(),
        "explain": explain,
        "amendments": amendments,
        "plan": plan,
        "rule_titles": defaultdict(str, titles),
    }
    return environment.get_template("completion.html.j2", globals=known)
