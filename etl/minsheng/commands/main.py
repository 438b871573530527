"""The ``minsheng`` command: reads its arguments and the clock, calls the stages, prints what came of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.cells import set_cell_size
from rich.console import Console
from typer.exceptions import TyperException

from minsheng.commands.audit import audit
from minsheng.commands.backup import backup, restore
from minsheng.commands.bulletin import bulletin_app
from minsheng.commands.explanations import explanations_app
from minsheng.commands.mail import mail_app
from minsheng.commands.moments import moment_of
from minsheng.commands.month import month_app
from minsheng.commands.plan import plan_app
from minsheng.commands.publication import publication_app
from minsheng.commands.rules import rules_app
from minsheng.commands.serve import serve
from minsheng.commands.source import intake_of, source_app
from minsheng.commands.token import token_app
from minsheng.commands.trace import trace
from minsheng.commands.usage import PROGRAM, speak_chinese, wrong_call
from minsheng.commands.verify import verify
from minsheng.commands.watch import watch_app
from minsheng.core.collector import collect_rarely
from minsheng.core.counties import county_of
from minsheng.core.errors import UserError
from minsheng.core.layout import enter, enter_home
from minsheng.core.outcome import StageResult
from minsheng.core.period import Period
from minsheng.core.settings import read_settings
from minsheng.plan.county import as_county
from minsheng.plan.loader import load_plan
from minsheng.plan.models import Plan
from minsheng.plan.run import Run
from minsheng.views.terminal import (
    CountyOption,
    HomeDir,
    OneOfPlans,
    PeriodOption,
    PlanDir,
    PlanDirs,
    console,
    existing,
)
from minsheng.words.chinese import chinese
from minsheng.words.letters import county_wording
from minsheng.words.outcomes import summary

# The longest name of a stage is six Chinese characters.
_STAGE_WIDTH = 12

app = typer.Typer(help="民生实事月报：收取、校验、入库、发布。", no_args_is_help=True, pretty_exceptions_enable=False)
for name, group in (
    ("plan", plan_app),
    ("source", source_app),
    ("rules", rules_app),
    ("month", month_app),
    ("explanations", explanations_app),
    ("mail", mail_app),
    ("publication", publication_app),
    ("bulletin", bulletin_app),
    ("token", token_app),
    ("watch", watch_app),
):
    app.add_typer(group, name=name)
app.command(help="从发布的数一直追溯到它所在的单元格，并说明怎样判定。")(trace)
app.command(help="查出丢失或损坏的部分，并说明怎样修复；什么也不改。有问题时退出码为 1。")(verify)
app.command(help="重算校验链：收到、判定、发布的有没有被改动或删去，逐处列出。有的，退出码为 1。")(audit)
app.command(help="备份全部数据、设置和 Airflow 元数据，读回核对；系统可以照常运行。")(backup)
app.command(help="把一份备份恢复到空的安装目录；--verify 只核对备份是否完整。")(restore)
app.command(help="网上报送服务：各单位凭口令核对、报送，当场看到结论。")(serve)


@app.command(help="制作各单位填报的工作簿。")
def template(
    plan: PlanDir,
    period: PeriodOption,
    out: Annotated[Path, typer.Option(help="工作簿放在哪个目录", show_default=False)],
    unit: Annotated[str | None, typer.Option(help="只做一个单位的（单位编码）")] = None,
    home: Annotated[Path | None, typer.Option(help="从这里取上月累计")] = None,
) -> None:
    """Make the workbooks the units fill in."""
    from minsheng.plan.calendar import require_in_plan
    from minsheng.stages.open import write_templates
    from minsheng.template import begun_with, month_forms
    from minsheng.warehouse.connection import open_to_read
    from minsheng.warehouse.totals import accepted_earlier

    loaded, month = load_plan(plan), Period.parse(period)
    require_in_plan(loaded, month)
    _require_unit(loaded, unit)
    earlier = begun_with(loaded, str(month))
    if home:
        with open_to_read(existing(home, county_of(loaded.plan_id)).warehouse) as connection:
            earlier = accepted_earlier(connection, loaded, month)
    made = write_templates(month_forms(loaded, str(month), earlier), out, unit)
    console.print(f"已在 {out} 制作 {len(made)} 份报表", soft_wrap=True)


@app.command(help="不用 Airflow，办完一个县一个月的全部阶段。")
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
    from minsheng.flows.pipeline import run_stages
    from minsheng.mail.contacts import county_contacts
    from minsheng.views.summary import print_summary

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


@app.command(help="从原件区重建丢失的仓库并发布；不会重复发信。")
def recover(
    plan: PlanDirs,
    home: HomeDir,
    as_of: Annotated[str | None, typer.Option(help="发布的时点，ISO 8601 [默认：现在]")] = None,
) -> None:
    """Make a county's lost warehouse anew from landing, and publish; nobody is written to a second time."""
    from minsheng.flows.recovery import recover as recover_home
    from minsheng.mail.contacts import county_contacts
    from minsheng.views.summary import print_summary

    this = _run("recover", plan, home, as_of)
    settings = read_settings()
    _follow(recover_home(this, settings.postgres_url, county_contacts(settings.contacts, this.county.name)))
    print_summary(this.home, this.county.plans[-1], console)


@app.command(help="把以前版本的安装目录改成现在的布局：每县一个目录。")
def migrate(home: HomeDir) -> None:
    """Bring an installation of an earlier version into today's layout, a folder for each county."""
    from minsheng.flows.migration import migrate as migrate_home

    county = migrate_home(home)
    console.print(f"{home}：已全部移入 {home / county}", soft_wrap=True)


@app.command(help="预先校验文件：报送后会怎样；什么也不保存。")
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", show_default=False)],
    plan: PlanDir,
    period: Annotated[str | None, typer.Option(help="文件应属的报送期")] = None,
    home: Annotated[Path | None, typer.Option(help="按这里已有的历史校验")] = None,
    as_of: Annotated[str | None, typer.Option(help="假定收到的时点 [默认：现在]")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """Say what would happen to these files if they were sent in; stores nothing."""
    from minsheng.flows.precheck import judge_files

    loaded = load_plan(plan)
    here = existing(home, county_of(loaded.plan_id)) if home else None
    judged = judge_files(files, loaded, here, period, moment_of(as_of))
    if as_json:
        print(json.dumps([asdict(one) for one in judged], ensure_ascii=False, indent=1))
    else:
        for one in judged:
            console.print(one.text(), markup=False, soft_wrap=True)
    raise typer.Exit(1 if any(one.verdict == "rejected" for one in judged) else 0)


@app.command(help="看板：各单位各月、退回、邮件、来源、运行，有没有需要处理的；写明 --period 的，看一个月各项指标。")
def status(
    home: HomeDir,
    period: Annotated[str | None, typer.Option("--period", help="报送期，YYYY-MM", show_default=False)] = None,
    plan: OneOfPlans = None,
    county: CountyOption = None,
    html: Annotated[Path | None, typer.Option("--html", help="看板写成网页", show_default=False)] = None,
) -> None:
    """The board; or how one month stands: every indicator, and every unit that owes a report."""
    from minsheng.commands.board import show_board
    from minsheng.views.publication import standing
    from minsheng.views.summary import print_status

    plan_id = load_plan(plan).plan_id if plan else None
    if period is None:
        show_board(home, county_of(plan_id) if plan_id else county, html)
        return
    here = existing(home, county_of(plan_id) if plan_id else county)
    print_status(here, plan_id, str(Period.parse(period)), console)
    for line in standing(here, read_settings().postgres_url):
        console.print(line, markup=False, soft_wrap=True)


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


def _require_unit(plan: Plan, code: str | None) -> None:
    known = [unit.code for unit in plan.units]
    if code is not None and code not in known:
        raise UserError("unit_unknown", "--unit", unit=code, known=known)


def main() -> None:
    """Run the command; what a user can put right is one line on stderr and exit code 2."""
    collect_rarely()
    speak_chinese()
    try:
        sys.exit(app(prog_name=PROGRAM, standalone_mode=False))
    except UserError as error:
        _fail(str(error))
    except OSError as error:  # a full disk, a missing permission: the system's own words say it best
        _fail(str(UserError("system_refuses", error.filename or "系统", reason=error.strerror or error)))
    except typer.Abort:
        sys.exit(1)
    except TyperException as error:
        if told := error.format_message():  # none: the help is printed where no command was named
            _fail(str(wrong_call(error, told)))
        sys.exit(2)


def _fail(message: str) -> None:
    Console(stderr=True).print(f"minsheng: {message}", style="red", highlight=False, markup=False, soft_wrap=True)
    sys.exit(2)
