"""``minsheng trace``: from a published number back to file, sheet and cell."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

# Into a file or a pipe nothing need be squeezed into the 80 columns rich would take.
_WIDE = 100


def trace(
    indicator: Annotated[str, typer.Argument(metavar="INDICATOR", help="code, e.g. M03-01", show_default=False)],
    home: Annotated[Path, typer.Option("--home", help="folder of the installation", show_default=False)],
    period: Annotated[str, typer.Option("--period", help="month, YYYY-MM", show_default=False)],
    plan: Annotated[Path | None, typer.Option("--plan", help="folder of the plan, if the home holds several")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="write a page to print instead")] = None,
) -> None:
    """Show the way from a published figure to the cells it was read from, recomputed on the way."""
    from etl.files import atomic_write
    from etl.home import Home
    from etl.period import Period
    from etl.plan.loader import load_plan
    from etl.trace import print_trace, read_trace, trace_page

    plan_id = load_plan(plan).plan_id if plan else None
    found = read_trace(Home(home), plan_id, str(Period.parse(period)), indicator)
    console = Console(width=None if sys.stdout.isatty() else _WIDE)
    if html:
        atomic_write(html, trace_page(found))
        console.print(f"{html}", highlight=False, markup=False, soft_wrap=True)
    else:
        print_trace(found, console)
