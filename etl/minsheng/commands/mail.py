"""``minsheng mail``: what waits, what has gone and what no server would take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from minsheng.mail.folders import STATES, mails, refusal, take_back
from minsheng.views.terminal import CountyOption, HomeDir, console, existing

mail_app = typer.Typer(help="Mails: what waits, what has gone, what was refused.", no_args_is_help=True)


@mail_app.command("list")
def list_mails(home: HomeDir, county: CountyOption = None) -> None:
    """How many mails are in which state, and each that was refused with the server's words."""
    here = existing(home, county)
    for state in STATES:
        console.print(f"{state:<12}{len(mails(here, state)):>6}")
    if refused := mails(here, "refused"):
        console.print(_refused_table(refused))


@mail_app.command()
def resend(
    mail_id: Annotated[str, typer.Argument(metavar="MAIL_ID", show_default=False)],
    home: HomeDir,
    county: CountyOption = None,
) -> None:
    """Have a refused mail tried again, at the addresses the contacts name by then."""
    take_back(existing(home, county), mail_id)
    console.print(f"{mail_id} waits again; the next run of send_mail sends it", soft_wrap=True)


def _refused_table(refused: list[Path]) -> Table:
    table = Table(title="refused", box=None, title_justify="left")
    for heading in ("unit", "mail", "reason"):
        table.add_column(heading, overflow="fold")
    for eml in refused:
        table.add_row(eml.parent.name, eml.stem, refusal(eml))
    return table
