"""report: make the pages people read, from the current publication only. Looks into no other table."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from etl.files import atomic_write
from etl.outcome import Outcome, StageResult
from etl.published import display
from etl.published.publication import Month, Publication, read_publication
from etl.run import Run
from etl.warehouse.ledger import keep


def report(run: Run) -> StageResult:
    """One self-contained page a month, and ``index.html`` for the latest; raises UserError if nothing is published."""
    publication = read_publication(run.home, run.plan.plan_id)
    folder = run.home.reports / run.plan.plan_id
    for month in publication.months:
        atomic_write(folder / f"{month.period}.html", _page(run, publication, month))
    if publication.months:
        latest = _page(run, publication, publication.months[-1], links=f"{run.plan.plan_id}/")
        atomic_write(run.home.reports / "index.html", latest)
    made = tuple(Outcome(f"{month.period}.html", "made", "", len(month.indicators)) for month in publication.months)
    return keep(run, StageResult("report", made))


def _page(run: Run, publication: Publication, month: Month, links: str = "") -> bytes:
    environment = Environment(
        loader=PackageLoader("etl.published", "pages"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters |= {
        "percent": display.percent,
        "points": display.points,
        "quantity": display.quantity,
        "month_name": display.month_name,
    }
    environment.globals |= {
        "measured": display.measured,
        "submission_label": display.SUBMISSION_STATUS,
        "role_label": display.ROLE,
    }
    template = environment.get_template("completion.html.j2")
    return template.render(plan=run.plan, publication=publication, month=month, links=links).encode()
