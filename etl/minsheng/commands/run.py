"""``minsheng run`` and ``recover``: a county's stages, one after the other, in front of somebody; ``migrate``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.cells import set_cell_size

from minsheng.commands.moments import moment_of
from minsheng.commands.source import intake_of
from minsheng.core.layout import enter, enter_home
from minsheng.core.outcome import StageResult
from minsheng.core.period import Period
from minsheng.core.settings import read_settings
from minsheng.flows.migration import migrate as migrate_home
from minsheng.flows.pipeline import run_stages
from minsheng.flows.recovery import recover as recover_home
from minsheng.mail.contacts import county_contacts
from minsheng.plan.county import as_county
from minsheng.plan.loader import load_plan
from minsheng.plan.run import Run
from minsheng.views.summary import print_summary
from minsheng.views.terminal import HomeDir, PeriodOption, PlanDirs, console
from minsheng.words.chinese import chinese
from minsheng.words.letters import county_wording
from minsheng.words.outcomes import summary

# The longest name of a stage is six Chinese characters.
_STAGE_WIDTH = 12


def run(
    plan: PlanDirs,
    period: PeriodOption,
    home: HomeDir,
    inbox: Annotated[
        Path | None, typer.Option(help="收件目录，每个单位编码一个子目录 [默认：按设置]", show_default=False)
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="本次运行的时点，ISO 8601 [默认：现在]")] = None,
) -> None:
    """Take a county's month through all stages, without Airflow."""

    this = _run("cli", plan, home, as_of)
    is_new = not this.home.warehouse.exists()
    settings = read_settings()
    contacts = county_contacts(settings.contacts, this.county.name)
    intake = intake_of(this.home, settings, inbox)
    month = Period.parse(period)
    failed = _follow(run_stages(this, month, intake, contacts, settings.postgres_url, settings.spark))
    print_summary(this.home, this.county.require_plan_of(month), console)
    if is_new:
        told = f"{home} 中新建了 {this.county.title}（{this.county.name}）的数据。若以前有过，请检查其磁盘是否已挂载。"
        console.print(told, soft_wrap=True)
    raise typer.Exit(2 if failed else 0)


def recover(
    plan: PlanDirs,
    home: HomeDir,
    as_of: Annotated[str | None, typer.Option(help="发布的时点，ISO 8601 [默认：现在]")] = None,
) -> None:
    """Make a county's lost warehouse anew from landing, and publish; nobody is written to a second time."""

    this = _run("recover", plan, home, as_of)
    settings = read_settings()
    _follow(recover_home(this, settings.postgres_url, county_contacts(settings.contacts, this.county.name)))
    print_summary(this.home, this.county.plans[-1], console)


def migrate(home: HomeDir) -> None:
    """Bring an installation of an earlier version into today's layout, a folder for each county."""

    county = migrate_home(home)
    console.print(f"{home}：已全部移入 {home / county}", soft_wrap=True)


def _run(kind: str, plans: list[Path], home: Path, as_of: str | None) -> Run:
    """A run for the county of these plans, in its home."""
    county = as_county(load_plan(folder) for folder in plans)
    here = enter_home(enter(home), county.name)
    moment = moment_of(as_of, here)
    wording = county_wording(read_settings().letters, county.name)
    return Run(here, county, moment, f"{kind}-{moment.isoformat()}", wording=wording)


def _follow(results: Iterable[StageResult]) -> int:
    """Print each stage as it is done, with the time it took, and what a person must see to.

    Gives how many inputs failed for a fault of ours.
    """
    started, failed = perf_counter(), 0
    with console.status("…"):
        for result in results:
            seconds = perf_counter() - started
            stage = set_cell_size(chinese().stage[result.stage], _STAGE_WIDTH)
            console.print(f"{stage} {seconds:6.2f} 秒  {summary(result)}")
            for outcome in result.outcomes:
                if outcome.result in ("held", "frozen"):
                    console.print(f"  {outcome.input}：{outcome.detail}", markup=False, soft_wrap=True)
            ours = [outcome for outcome in result.outcomes if outcome.result == "failed"]
            failed += len(ours)
            for trouble in (*result.troubles, *ours):
                console.print(f"  ! {trouble.input}：{trouble.detail}", style="red", markup=False, soft_wrap=True)
            started = perf_counter()
    return failed
