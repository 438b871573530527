"""``minsheng source``: from where reports are taken, whether each place answers, and when it last delivered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import typer
from rich.table import Table

from minsheng.core.access import access_in
from minsheng.core.clock import county_time
from minsheng.core.home import Home
from minsheng.core.settings import Settings, read_settings
from minsheng.mail.contacts import county_contacts
from minsheng.mail.correspondents import correspondents
from minsheng.plan.county import as_county
from minsheng.plan.loader import load_plan
from minsheng.source.checking import Probed, check_source
from minsheng.source.declared import DeclaredSource, declared_sources
from minsheng.source.delivery import Source
from minsheng.source.folder import county_inbox
from minsheng.source.history import source_history
from minsheng.source.kinds import make_source
from minsheng.views.terminal import CountyOption, HomeDir, PlanDirs, console, existing
from minsheng.warehouse.connection import open_to_read

source_app = typer.Typer(no_args_is_help=True)
_MOST_NOTES = 20


def intake_of(home: Home, settings: Settings, inbox: Path | None) -> Path | Sequence[Source]:
    """Where a county's reports come from: the inbox given, else the declared sources, else the inbox of the settings.

    Raises UserError when there is none, or the declaration is faulty.
    """
    declared = None if inbox else declared_sources(settings.sources, home.county)
    if declared is None:
        others = {*home.installation.counties} - {home.county}
        return county_inbox(inbox or settings.inbox, home.county, others)
    return _made(declared, settings, home.county)


@source_app.command("check", help="逐个试连所声明的来源，说明哪里不通、怎么办；什么也不取。有不通的，退出码为 1。")
def check_sources(plan: PlanDirs) -> None:
    """Try every declared source; takes nothing."""
    county = as_county(load_plan(folder) for folder in plan)
    settings = read_settings()
    sources = _made(_declared(settings, county.name), settings, county.name)
    checked = [check_source(county, source) for source in sources]
    for one in checked:
        for line in _lines(one):
            console.print(line, style="red" if one.problem else None, markup=False, soft_wrap=True)
    raise typer.Exit(1 if any(one.problem for one in checked) else 0)


@source_app.command("list", help="所声明的来源：上次连通、上次来件、从何时起不通。有不通的，退出码为 1。")
def list_sources(home: HomeDir, county: CountyOption = None) -> None:
    """Every declared source, and when it last answered and delivered."""
    here = existing(home, county)
    table = Table(box=None)
    for heading in ("来源", "种类", "上次连通", "上次来件", "不通自"):
        table.add_column(heading, overflow="fold")
    with open_to_read(here.warehouse) as connection:
        found = [(one, source_history(connection, one.name)) for one in _declared(read_settings(), here.county)]
    for one, history in found:
        moments = (history.answered_at, history.delivered_at, history.down_since)
        table.add_row(one.name, one.kind, *map(_moment, moments))
    console.print(table)
    raise typer.Exit(1 if any(history.down_since for _, history in found) else 0)


def _made(declared: Sequence[DeclaredSource], settings: Settings, county: str) -> list[Source]:
    find_access = access_in(settings.credentials)
    known = correspondents(county_contacts(settings.contacts, county))
    return [make_source(one, find_access, known) for one in declared]


def _declared(settings: Settings, county: str) -> tuple[DeclaredSource, ...]:
    """The declared sources; where none are, the inbox under its own name."""
    declared = declared_sources(settings.sources, county)
    if declared is not None:
        return declared
    return (DeclaredSource(name="收件目录", kind="folder", where=str(settings.inbox)),)


def _lines(checked: Probed) -> Iterator[str]:
    yield f"{checked.name}：{checked.problem or f'连通，有 {checked.file_count} 个文件'}"
    yield from (f"  {note}" for note in checked.notes[:_MOST_NOTES])
    if len(checked.notes) > _MOST_NOTES:
        yield f"  另有 {len(checked.notes) - _MOST_NOTES} 处"


def _moment(moment: datetime | None) -> str:
    return f"{county_time(moment):%Y-%m-%d %H:%M}" if moment else "-"
