"""``minsheng status`` without a month: the board."""

from __future__ import annotations

from pathlib import Path

from minsheng.commands.moments import moment_of
from minsheng.core.files import atomic_write
from minsheng.core.settings import read_settings
from minsheng.views.terminal import console, existing, existing_installation


def show_board(home: Path, county: str | None, html: Path | None) -> None:
    """Print the board of a county, or a line for each of several; ``html``: write it as a page instead."""
    from minsheng.flows.boards import boards
    from minsheng.views.board_page import Links, board_page, boards_page
    from minsheng.views.board_terminal import print_board, print_boards

    installation, settings = existing_installation(home), read_settings()
    if county or len(installation.counties) < 2:
        county = existing(home, county).county
    made = list(boards(installation, settings, moment_of(None), county))
    if html:
        links = Links(reports=(installation.home(made[0].county).reports).resolve().as_uri(), runbook="runbook")
        page = board_page(made[0], links) if county else boards_page(made)
        atomic_write(html, page.encode())
        console.print(f"{html}", markup=False, soft_wrap=True)
    elif county:
        print_board(made[0], console)
    else:
        print_boards(made, console)
