"""What the commands share: their options, and where they print."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from minsheng.core.errors import UserError
from minsheng.core.home import Home, Installation
from minsheng.core.layout import enter, enter_home

PlanDir = Annotated[Path, typer.Option("--plan", help="工作方案目录", show_default=False)]
OneOfPlans = Annotated[Path | None, typer.Option("--plan", help="工作方案目录，有几个方案时指明", show_default=False)]
PlanDirs = Annotated[list[Path], typer.Option("--plan", help="工作方案目录；几个年度的各写一次", show_default=False)]
CountyOption = Annotated[str | None, typer.Option("--county", help="哪个县，有几个县时指明", show_default=False)]
HomeDir = Annotated[Path, typer.Option("--home", help="安装目录", show_default=False)]
PeriodOption = Annotated[str, typer.Option("--period", help="报送期，YYYY-MM", show_default=False)]

# Into a file or a pipe nothing need be squeezed into the 80 columns rich would take.
console = Console(highlight=False, width=None if sys.stdout.isatty() else 150)


def existing(home: Path, county: str | None = None) -> Home:
    """The home of a county in the installation there; which one need not be said where there is only one.

    Raises:
        UserError: There is none, or several and none is named.
    """
    installation = existing_installation(home)
    known = installation.counties
    if county is None and not known:
        raise UserError("home_empty", home)
    if county is None and len(known) > 1:
        raise UserError("home_of_several", home, known=known)
    if county is not None and county not in known:
        raise UserError("home_lacks_county", home, county=county, known=known)
    return enter_home(installation, county or known[0])


def existing_installation(home: Path) -> Installation:
    """The installation there, see ``minsheng.core.layout.enter``.

    Raises:
        UserError: There is none: what is asked about is not empty but elsewhere. Or it is of a later version.
    """
    if not home.is_dir():
        raise UserError("home_missing", home)
    return enter(home)
