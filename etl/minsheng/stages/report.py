"""report: make the pages people read: of the months from the current publication only, of quality from the record."""

from __future__ import annotations

from collections import defaultdict

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from minsheng.core.declarations import RULES
from minsheng.core.files import atomic_write
from minsheng.core.outcome import Outcome, StageResult
from minsheng.plan.models import Plan
from minsheng.plan.run import Run
from minsheng.publication.publication import Month, Publication, read_publication
from minsheng.validation.datadocs import quality_pages
from minsheng.validation.rules import load_rules
from minsheng.views import explain
from minsheng.warehouse.connection import open_warehouse
from minsheng.warehouse.ledger import keep
from minsheng.words import display
from minsheng.words.chinese import chinese


def report(run: Run) -> StageResult:
    """One self-contained page a month, ``index.html`` for the latest, and the quality pages that are out of date.

    Raises UserError if nothing is published.
    """
    made = tuple(outcome for plan in run.county.plans for outcome in _months(run, plan))
    with open_warehouse(run.home.warehouse) as connection:
        quality_pages(connection, run)
    return keep(run, StageResult("report", made))


def _months(run: Run, plan: Plan) -> list[Outcome]:
    """The pages of a year; the last month's is what one opens first, until a later year has one."""
    publication = read_publication(run.home, plan.plan_id)
    template = _template(plan)
    for month in publication.months:
        atomic_write(run.home.reports / plan.plan_id / f"{month.period}.html", _page(template, publication, month))
    if publication.months:
        latest = _page(template, publication, publication.months[-1], links=f"{plan.plan_id}/")
        atomic_write(run.home.reports / "index.html", latest)
    return [Outcome(f"{month.period}.html", "made", "", len(month.indicators)) for month in publication.months]


def _page(template: Template, publication: Publication, month: Month, links: str = "") -> bytes:
    return template.render(publication=publication, month=month, links=links).encode()


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
        "plan": plan,
        "rule_titles": defaultdict(str, titles),
    }
    return environment.get_template("completion.html.j2", globals=known)
