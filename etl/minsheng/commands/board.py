"""``minsheng status``: the board, or how one month stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from minsheng.commands.moments import moment_of
from minsheng.core.counties import county_of
from minsheng.core.files import atomic_write
from minsheng.core.home import Home
from minsheng.core.imports import without
from minsheng.core.period import Period
from minsheng.core.settings import read_settings
from minsheng.plan.loader import load_plan
from minsheng.views.terminal import CountyOption, HomeDir, OneOfPlans, console, existing, existing_installation

if TYPE_CHECKING:
    from minsheng.views.board import Board


def status(
    home: HomeDir,
    period: Annotated[str | None, typer.Option("--period", help="报送期，YYYY-MM", show_default=False)] = None,
    plan: OneOfPlans = None,
    county: CountyOption = None,
    html: Annotated[Path | None, typer.Option("--html", help="看板写成网页", show_default=False)] = None,
) -> None:
    """The board; or how one month stands: every indicator, and every unit that owes a report."""
    plan_id = load_plan(plan).plan_id if plan else None
    named = county_of(plan_id) if plan_id else county
    with without({"pandas"}):  # DuckDB would import it for each process that asks it anything: half of the time here
        if period is None:
            _show_board(home, named, html)
        else:
            _show_month(existing(home, named), plan_id, Period.parse(period))


def _show_month(home: Home, plan_id: str | None, period: Period) -> None:
    from minsheng.views.publication import standing
    from minsheng.views.summary import print_status

    print_status(home, plan_id, str(period), console)
    for line in standing(home, read_settings().postgres_url):
        console.print(line, markup=False, soft_wrap=True)


def _show_board(home: Path, county: str | None, html: Path | None) -> None:
    """Print the board of a county, or a line for each of several; ``html``: write it as a page instead."""
    from minsheng.flows.boards import board, boards
    from minsheng.views.board_page import boards_page
    from minsheng.views.board_terminal import print_boards

    installation, settings = existing_installation(home), read_settings()
    if county or len(installation.counties) < 2:
        here = existing(home, county)
        _show(board(installation, settings, moment_of(None), here.county), here.reports, html)
        return
    made = list(boards(installation, settings, moment_of(None)))
    if html:
        _write(html, boards_page(made))
    else:
        print_boards(made, console)


def _show(made: Board, reports: Path, html: Path | None) -> None:
    from minsheng.views.board_page import Links, board_page
    from minsheng.views.board_terminal import print_board

    if html:
        _write(html, board_page(made, Links(reports=reports.resolve().as_uri(), runbook="runbook")))
    else:
        print_board(made, console)


def _write(html: Path, page: str) -> None:
    atomic_write(html, page.encode())
    console.print(f"{html}", markup=False, soft_wrap=True)
