"""``minsheng mail``: what waits, what has gone and what no server would take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.cells import set_cell_size
from rich.table import Table

from minsheng.commands.moments import moment_of
from minsheng.core.contracts import allowed
from minsheng.core.errors import UserError
from minsheng.core.files import atomic_write
from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.core.settings import read_settings
from minsheng.landing.editions import received_county
from minsheng.mail.account import load_server
from minsheng.mail.contacts import county_contacts
from minsheng.mail.delivery import ALARMING
from minsheng.mail.folders import STATES, mails, refusal, take_back
from minsheng.mail.message import compose
from minsheng.mail.server import Server
from minsheng.plan.county import as_county
from minsheng.plan.loader import load_plan
from minsheng.plan.run import Run
from minsheng.views.terminal import CountyOption, HomeDir, PlanDir, console, existing
from minsheng.words.chinese import chinese
from minsheng.words.letters import county_wording
from minsheng.words.outcomes import summary

mail_app = typer.Typer(no_args_is_help=True)


@mail_app.command("list", help="各状态有多少封；被拒收的附服务器的原话。")
def list_mails(home: HomeDir, county: CountyOption = None) -> None:
    """How many mails are in which state, and each that was refused with the server's words."""
    here = existing(home, county)
    for state in STATES:
        console.print(f"{set_cell_size(chinese().mail_state[state], 12)}{len(mails(here, state)):>6}")
    if refused := mails(here, "refused"):
        console.print(_refused_table(refused))


@mail_app.command(help="把待发的邮件发出；有需要人处理的，退出码为 1。")
def send(
    home: HomeDir,
    county: CountyOption = None,
    everything: Annotated[bool, typer.Option("--all", help="此前暂缓、还没有到时的也试")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出会发给谁、什么主题，不发出")] = False,
) -> None:
    """Hand in the mails that are due, and write down what became of them; the server is named by the settings."""
    from minsheng.mail.settle import settle_mail
    from minsheng.stages.send import send as stage

    here, settings = existing(home, county), read_settings()
    contacts = county_contacts(settings.contacts, here.county)
    server = None if dry_run or settings.mail_dry_run else _server(settings.mail_server)
    now = moment_of(None, here)
    try:
        sent = stage(here, server, contacts, now, even_put_off=everything)
    finally:  # also of a server that was there for half of them
        settle_mail(Run(here, received_county(here, now), now, f"cli-{now.isoformat()}"))
    for outcome in sent.outcomes:
        shown = f"{chinese().result[outcome.result]} {outcome.input} {outcome.detail}"
        console.print(shown.rstrip(), markup=False, soft_wrap=True)
    console.print(f"{chinese().stage['send']}：{summary(sent)}", soft_wrap=True)
    raise typer.Exit(1 if any(outcome.result in ALARMING for outcome in sent.outcomes) else 0)


@mail_app.command(help="把被拒收的一封重新待发，寄往通讯录现在的地址。")
def resend(
    mail_id: Annotated[str, typer.Argument(metavar="MAIL_ID", show_default=False)],
    home: HomeDir,
    county: CountyOption = None,
) -> None:
    """Have a refused mail tried again, at the addresses the contacts name by then."""
    take_back(existing(home, county), mail_id)
    console.print(f"{mail_id} 重新待发，下次发信时寄出", soft_wrap=True)


@mail_app.command(help="看一种信写出来是什么样子，用示例数字；--out 写成 .eml、.html、.txt。")
def preview(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="哪一种信", show_default=False)],
    plan: PlanDir,
    period: Annotated[str | None, typer.Option("--period", help="报送期，YYYY-MM [默认：方案年度的二月]")] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="写给哪个单位（单位编码）[默认：第一个牵头单位]")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="写到哪个目录；不写则打印正文")] = None,
) -> None:
    """A letter with example figures, in the words of the county; nothing is kept and nobody is written to."""
    from minsheng.flows.preview import KINDS
    from minsheng.flows.preview import preview as preview_mail

    if kind not in KINDS:
        raise UserError("mail_kind_unknown", kind, options=allowed(kind, KINDS))
    county, settings = as_county([load_plan(plan)]), read_settings()
    contacts = county_contacts(settings.contacts, county.name)
    wording = county_wording(settings.letters, county.name)
    run = Run(Home(Path(county.name)), county, moment_of(None), "preview", wording=wording)
    month = Period.parse(period) if period else Period(county.plans[0].year, 2)
    mail = preview_mail(run, kind, month, unit, contacts)
    if out is None:
        console.print(f"{mail.subject}\n\n{mail.text}", markup=False, soft_wrap=True)
        return
    for ending, content in (
        (".eml", compose(mail, contacts)),
        (".html", mail.html.encode()),
        (".txt", mail.text.encode()),
    ):
        atomic_write(out / f"{kind}{ending}", content)
        console.print(f"{out / kind}{ending}", markup=False, soft_wrap=True)


def _server(path: Path | None) -> Server:
    if path is None:
        raise UserError("mail_server_unnamed", "MINSHENG_MAIL_SERVER")
    return load_server(path)


def _refused_table(refused: list[Path]) -> Table:
    table = Table(title=chinese().mail_state["refused"], box=None, title_justify="left")
    for heading in ("单位", "邮件", "原因"):
        table.add_column(heading, overflow="fold")
    for eml in refused:
        table.add_row(eml.parent.name, eml.stem, refusal(eml))
    return table
