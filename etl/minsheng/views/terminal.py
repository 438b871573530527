"""What the commands share: their options, and where they print."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.core.layout import enter

PlanDir = Annotated[Path, typer.Option("--plan", help="folder of the plan", show_default=False)]
OneOfPlans = Annotated[
    Path | None, typer.Option("--plan", help="folder of the plan, if the home holds several", show_default=False)
]
HomeDir = Annotated[Path, typer.Option("--home", help="folder of the installation", show_default=False)]
PeriodOption = Annotated[str, typer.Option("--period", help="month, YYYY-MM", show_default=False)]

# Into a file or a pipe nothing need be squeezed into the 80 columns rich would take.
console = Console(highlight=False, width=None if sys.stdout.isatty() else 150)


def existing(home: Path) -> Home:
    """The installation there, see ``minsheng.core.layout.enter``.

    Raises:
        UserError: There is none: what is asked about is not empty but elsewhere. Or it is of a later version.
    """
    if not home.is_dir():
        raise UserError(str(home), "is not a folder", "give the folder of the installation as --home")
    return enter(home)
