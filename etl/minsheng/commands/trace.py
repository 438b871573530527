"""``minsheng trace``: from published numbers back to file, sheet and cell, as a dossier to read or print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from minsheng.core.counties import county_of
from minsheng.core.files import atomic_write
from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.plan.loader import load_plan
from minsheng.trace import Asked, Question, ask, dossier_page, export_originals, make_dossier, print_dossier
from minsheng.views.terminal import CountyOption, HomeDir, OneOfPlans, console, existing


def trace(
    home: HomeDir,
    indicator: Annotated[
        str | None,
        typer.Argument(metavar="INDICATOR", help="指标编码、名称或名称的一部分；不写为全部", show_default=False),
    ] = None,
    period: Annotated[
        str | None, typer.Option(help="报送期，YYYY-MM；写了指标或单位而不写月份的，为各月", show_default=False)
    ] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", help="一个单位的：编码、名称或名称的一部分", show_default=False)
    ] = None,
    bulletin: Annotated[
        str | None, typer.Option("--bulletin", help="一期已印发的通报所依据的：期号或月份", show_default=False)
    ] = None,
    plan: OneOfPlans = None,
    county: CountyOption = None,
    html: Annotated[Path | None, typer.Option("--html", help="改为写成一个可打印（A4）的页面")] = None,
    originals: Annotated[
        Path | None,
        typer.Option("--originals", help="把原件按原名导出到一个新文件夹，附 SHA256SUMS", show_default=False),
    ] = None,
) -> None:
    """Show the way from published figures to the cells they were read from, with the judgement made on the way."""
    plan_id = load_plan(plan).plan_id if plan else None
    here = existing(home, county_of(plan_id) if plan_id else county)
    month = str(Period.parse(period)) if period else None
    asked = ask(here, Question(plan_id, month, indicator, unit, bulletin))
    if html:
        atomic_write(html, dossier_page(make_dossier(here, asked)))
        _say(f"{html}")
    if originals:
        _export(here, asked, originals)
    if not html and not originals:
        print_dossier(make_dossier(here, asked), console)


def _export(home: Home, asked: Asked, folder: Path) -> None:
    """Exit 1 where an original is lost or damaged."""
    exported = export_originals(home, asked, folder)
    for path, name in exported.renamed.items():
        _say(f"“{name}”另存为 {path}")
    for line in (*exported.withheld, *exported.damaged):
        _say(line)
    _say(f"已导出 {len(exported.saved)} 份原件到 {folder}；核对：在其中运行 sha256sum -c SHA256SUMS")
    if exported.damaged:
        raise typer.Exit(1)


def _say(line: str) -> None:
    console.print(line, markup=False, soft_wrap=True)
