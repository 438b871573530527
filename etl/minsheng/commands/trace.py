"""``minsheng trace``: from published numbers back to file, sheet and cell, as a dossier to read or print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from minsheng.views.terminal import CountyOption, HomeDir, OneOfPlans, console, existing


def trace(
    home: HomeDir,
    indicator: Annotated[
        str | None,
        typer.Argument(metavar="INDICATOR", help="指标编码、名称或名称的一部分；不写为全部", show_default=False),
    ] = None,
    period: Annotated[
        str | None, typer.Option(help="报送期，YYYY-MM；写了指标或单位而不写月份的，为各月", show_default=False)
    ] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", help="一个单位的：编码、名称或名称的一部分", show_default=False)
    ] = None,
    bulletin: Annotated[
        str | None, typer.Option("--bulletin", help="一期已印发的通报所依据的：期号或月份", show_default=False)
    ] = None,
    plan: OneOfPlans = None,
    county: CountyOption = None,
    html: Annotated[Path | None, typer.Option("--html", help="改为写成一个可打印（A4）的页面")] = None,
) -> None:
    """Show the way from published figures to the cells they were read from, with the judgement made on the way."""
    from minsheng.core.counties import county_of
    from minsheng.core.files import atomic_write
    from minsheng.core.period import Period
    from minsheng.plan.loader import load_plan
    from minsheng.trace import Question, ask, dossier_page, make_dossier, print_dossier

    plan_id = load_plan(plan).plan_id if plan else None
    here = existing(home, county_of(plan_id) if plan_id else county)
    month = str(Period.parse(period)) if period else None
    dossier = make_dossier(here, ask(here, Question(plan_id, month, indicator, unit, bulletin)))
    if html is None:
        print_dossier(dossier, console)
    else:
        atomic_write(html, dossier_page(dossier))
        console.print(f"{html}", markup=False, soft_wrap=True)
