"""``minsheng mail``: what waits, what has gone and what no server would take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.cells import set_cell_size
from rich.table import Table

from minsheng.mail.folders import STATES, mails, refusal, take_back
from minsheng.views.terminal import CountyOption, HomeDir, console, existing
from minsheng.words.chinese import chinese

mail_app = typer.Typer(help="邮件：待发的、已发的、被拒收的。", no_args_is_help=True)


@mail_app.command("list", help="各状态有多少封；被拒收的附服务器的原话。")
def list_mails(home: HomeDir, county: CountyOption = None) -> None:
    """How many mails are in which state, and each that was refused with the server's words."""
    here = existing(home, county)
    for state in STATES:
        console.print(f"{set_cell_size(chinese().mail_state[state], 12)}{len(mails(here, state)):>6}")
    if refused := mails(here, "refused"):
        console.print(_refused_table(refused))


@mail_app.command(help="把被拒收的一封重新待发，寄往通讯录现在的地址。")
def resend(
    mail_id: Annotated[str, typer.Argument(metavar="MAIL_ID", show_default=False)],
    home: HomeDir,
    county: CountyOption = None,
) -> None:
    """Have a refused mail tried again, at the addresses the contacts name by then."""
    take_back(existing(home, county), mail_id)
    console.print(f"{mail_id} 重新待发，下次 send_mail 运行时寄出", soft_wrap=True)


def _refused_table(refused: list[Path]) -> Table:
    table = Table(title=chinese().mail_state["refused"], box=None, title_justify="left")
    for heading in ("单位", "邮件", "原因"):
        table.add_column(heading, overflow="fold")
    for eml in refused:
        table.add_row(eml.parent.name, eml.stem, refusal(eml))
    return table
