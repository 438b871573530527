"""``minsheng trace``: from a published number back to file, sheet and cell."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from minsheng.views.terminal import CountyOption, HomeDir, OneOfPlans, PeriodOption, console, existing


def trace(
    indicator: Annotated[str, typer.Argument(metavar="INDICATOR", help="指标编码，如 M03-01", show_default=False)],
    home: HomeDir,
    period: PeriodOption,
    plan: OneOfPlans = None,
    county: CountyOption = None,
    html: Annotated[Path | None, typer.Option("--html", help="改为写成可打印的页面")] = None,
) -> None:
    """Show the way from a published figure to the cells it was read from, with the judgement made on the way."""
    from minsheng.core.counties import county_of
    from minsheng.core.files import atomic_write
    from minsheng.core.period import Period
    from minsheng.plan.loader import load_plan
    from minsheng.trace import print_trace, read_trace, trace_page

    plan_id = load_plan(plan).plan_id if plan else None
    here = existing(home, county_of(plan_id) if plan_id else county)
    found = read_trace(here, plan_id, str(Period.parse(period)), indicator)
    if html:
        atomic_write(html, trace_page(found))
        console.print(f"{html}", markup=False, soft_wrap=True)
    else:
        print_trace(found, console)
