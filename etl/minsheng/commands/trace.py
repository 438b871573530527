"""``minsheng trace``: from a published number back to file, sheet and cell."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from minsheng.views.terminal import CountyOption, HomeDir, OneOfPlans, PeriodOption, console, existing


def trace(
    home: HomeDir,
    period: PeriodOption,
    indicator: Annotated[
        str | None,
        typer.Argument(metavar="INDICATOR", help="指标编码或名称，如 M03-01；不写为全部", show_default=False),
    ] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", help="只要一个单位牵头的（编码或名称）", show_default=False)
    ] = None,
    plan: OneOfPlans = None,
    county: CountyOption = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="改为写成可打印的页面；不止一项指标的，是放页面的文件夹")
    ] = None,
) -> None:
    """Show the way from published figures to the cells they were read from, with the judgement made on the way."""
    from minsheng.core.counties import county_of
    from minsheng.core.files import atomic_write
    from minsheng.core.period import Period
    from minsheng.plan.loader import load_plan
    from minsheng.trace import indicators_asked, print_trace, read_trace, trace_page

    plan_id = load_plan(plan).plan_id if plan else None
    here, month = existing(home, county_of(plan_id) if plan_id else county), str(Period.parse(period))
    asked = indicators_asked(here, plan_id, month, indicator, unit)
    for code in asked:
        found = read_trace(here, plan_id, month, code)
        if html is None:
            print_trace(found, console)
            continue
        page = html if indicator else html / f"{month}-{code}.html"
        atomic_write(page, trace_page(found))
        console.print(f"{page}", markup=False, soft_wrap=True)
