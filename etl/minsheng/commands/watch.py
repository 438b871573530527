"""``minsheng watch``: what needs a person, told to the data team once; for cron or systemd, outside Airflow."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from minsheng.commands.moments import moment_of
from minsheng.core.codes import Cause
from minsheng.core.contracts import allowed
from minsheng.core.errors import UserError
from minsheng.core.settings import read_settings
from minsheng.flows.boards import keep_boards
from minsheng.mail.account import load_server
from minsheng.views.terminal import HomeDir, console, existing_installation
from minsheng.watch.alarms import Alarm
from minsheng.watch.conditions import runbook_entry
from minsheng.watch.flow import watch_installation
from minsheng.watch.silences import LONGEST_DAYS, Silence, keep_silent, silenced
from minsheng.watch.telling import Watched, lines
from minsheng.words import display
from minsheng.words.chinese import chinese

watch_app = typer.Typer()


@watch_app.callback(invoke_without_command=True)
def watch(
    context: typer.Context,
    home: Annotated[Path | None, typer.Option("--home", help="安装目录", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """Look at everything, write to the data team what is news; exit 1 while anything is wrong and not silenced."""
    if context.invoked_subcommand:
        return
    settings = read_settings()
    installation, now = existing_installation(home or settings.home), moment_of(None)
    server = load_server(settings.mail_server) if settings.mail_server else None
    watched = watch_installation(installation, settings, server, now)
    keep_boards(installation, settings, now)
    _print(watched, now, as_json=as_json)
    raise typer.Exit(1 if watched.alarming(now) or watched.unsent else 0)


@watch_app.command(help="已知悉、暂不处理的：写明原因，几天之内不再提醒，到期自动恢复。")
def silence(
    cause: Annotated[str, typer.Argument(metavar="CAUSE", help="哪种告警，如 source_down", show_default=False)],
    home: HomeDir,
    reason: Annotated[str, typer.Option(help="为什么暂不处理", show_default=False)],
    days: Annotated[int, typer.Option(min=1, max=LONGEST_DAYS, help="多少天")] = 7,
    county: Annotated[str | None, typer.Option(help="只静默一个县的", show_default=False)] = None,
    about: Annotated[str | None, typer.Option(help="只静默一件：--json 中的 about", show_default=False)] = None,
) -> None:
    """Tell nothing of a cause for some days, for a reason."""
    known, now = chinese().cause, moment_of(None)
    if cause not in known:
        raise UserError("cause_unknown", cause, options=allowed(cause, known))
    code: Cause = next(each for each in known if each == cause)
    silent = Silence(code, reason, now, now + timedelta(days=days), county, about)
    keep_silent(existing_installation(home), silent)
    console.print(
        f"{known[code]}：{display.moment(silent.until)} 之前不再提醒（{reason}）", markup=False, soft_wrap=True
    )


def _print(watched: Watched, now: datetime, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps([_as_json(alarm, watched, now) for alarm in watched.standing], ensure_ascii=False, indent=1))
        return
    for line in lines(watched, now):
        console.print(line, markup=False, soft_wrap=True)


def _as_json(alarm: Alarm, watched: Watched, now: datetime) -> dict[str, object]:
    said, quiet = alarm.condition, silenced(alarm.condition, watched.silences, now)
    return asdict(said) | {
        "word": chinese().cause[said.cause],
        "raised_at": alarm.raised_at.isoformat(),
        "still_works": chinese().still_works[said.cause],
        "remedy": chinese().cause_remedy[said.cause],
        "runbook": runbook_entry(said.cause),
        "silenced": quiet.reason if quiet else None,
    }
